import assert from "node:assert/strict";
import { it } from "node:test";
import { parseHost } from "../../../src/remote/address.ts";
import { isNewer } from "../../../src/remote/program.ts";
import * as scripts from "../../../src/remote/scripts.ts";
import { parseServer } from "../../../src/remote/server.ts";
import { chooseNode, nodeFolder } from "../../../src/remote/node.ts";
import { fetchHostKey, openMaster, overMaster, remoteText } from "../../../src/remote/ssh.ts";

const address = { destination: "deploy@shop.example.com", port: 2222, config: "/team/ssh" };

it("a host is read as ssh is told it", () => {
  assert.deepEqual(parseHost("shop"), { destination: "shop", port: undefined });
  assert.deepEqual(parseHost("me@shop.example.com:2222"), { destination: "me@shop.example.com", port: 2222 });
  assert.deepEqual(parseHost("me@[::1]:22"), { destination: "me@::1", port: 22 });
});

it("no connection takes an unknown key, asks behind our back or forwards anything", () => {
  for (const { argv } of [openMaster(address, "/run/s", scripts.look), overMaster(address, "/run/s", scripts.start, ["aplomo-1", "-"])]) {
    for (const option of ["StrictHostKeyChecking=yes", "BatchMode=yes", "ClearAllForwardings=yes", "ForwardAgent=no"])
      assert.ok(argv.includes(option), option);
    assert.deepEqual(argv.slice(1, 6), ["-T", "-F", "/team/ssh", "-p", "2222"]);
    assert.equal(argv.at(-2), "deploy@shop.example.com");
    assert.equal(argv.at(-3), "--");
  }
});

it("only what fetches the key takes one, and it logs nobody in", () => {
  const { argv } = fetchHostKey(address, "/tmp/k");
  assert.ok(argv.includes("StrictHostKeyChecking=accept-new") && argv.includes("UserKnownHostsFile=/tmp/k"));
  assert.ok(argv.includes("PreferredAuthentications=none"));
});

it("every script fits into one word of a remote shell, and only plain words go with it", () => {
  for (const script of Object.values(scripts)) assert.ok(remoteText(script).startsWith("sh -c '"));
  for (const word of ["a b", "$(id)", "a;b", "a'b", "", "a\nb", "`id`", "a/b"])
    assert.throws(() => remoteText("true", [word]), /not fit/, word);
  assert.throws(() => remoteText("echo 'x'"), /not fit/);
});

it("versions are compared by number", () => {
  assert.deepEqual(
    [isNewer("0.10.0", "0.9.9"), isNewer("v22.13.0", "v22.13.0"), isNewer("1.0.0", "1.0.1"), isNewer("2.0", "1.9.9")],
    [true, false, false, true],
  );
});

it("a server's own Node is used when it has SQLite of its own, else the one that was brought", () => {
  const server = (node: string, ...entries: string[]): string | undefined =>
    chooseNode({
      ...parseServer(["home=/h", `node=${node}`, ...entries.map((name) => `entry=${name}`)]),
      node: node || undefined,
      entries,
    } as Parameters<typeof chooseNode>[0]);
  assert.equal(server("v22.13.0"), "-");
  assert.equal(server("v20.20.2"), undefined);
  assert.equal(server(""), undefined);
  assert.equal(server("v18.0.0", nodeFolder), nodeFolder);
});

it("what a server says of itself is understood, and silence is told apart", () => {
  const server = parseServer([
    "Welcome!",
    "home=/home/d/.local/state/aplomo",
    "user=d",
    "system=Linux",
    "machine=x86_64",
    "node=",
    "current=",
    "entry=a",
  ]);
  assert.deepEqual(
    [server?.home, server?.node, server?.version, server?.entries],
    ["/home/d/.local/state/aplomo", undefined, undefined, ["a"]],
  );
  assert.equal(parseServer(["Welcome!"]), undefined);
});
