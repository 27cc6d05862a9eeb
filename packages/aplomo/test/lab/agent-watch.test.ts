import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { Ledger } from "../../src/agent/incidents.ts";
import type { Message } from "../../src/agent/message.ts";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { poll } from "../../src/base/time.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { agentRig } from "../support/agent.ts";

/** The application's public address, the receiver of messages and of pings: one real server, which fails when it is told to. */
async function world(): Promise<{ base: string; well: boolean; messages: Message[]; pings: number; close(): void }> {
  const state = { base: "", well: true, messages: [] as Message[], pings: 0, close: () => void server.close() };
  const server = createServer((request, response) => {
    if (request.url === "/ping") state.pings += 1;
    if (request.url === "/hook") void text(request).then((body) => state.messages.push(JSON.parse(body) as Message));
    response.writeHead(request.url === "/healthz" && !state.well ? 503 : 200).end("told");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  state.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

test("what breaks is told once with its next act, and its end once; nothing in between, across a kill of the agent", async (t) => {
  const out = await world();
  t.after(() => out.close());
  const rig = await agentRig(
    "watched",
    `health: { public: ["${out.base}/healthz"] }
watch: { every: 1s, invariants_every: 2s, ping: "${out.base}/ping" }
notify: [{ kind: webhook, url: "${out.base}/hook" }]
`,
  );
  t.after(() => rig.close());
  const said = (count: number): Promise<unknown> =>
    poll(async () => (out.messages.length >= count ? true : undefined), { limit: 60_000 }).then((done) =>
      assert.ok(done, `${count} messages`),
    );
  assert.equal((await rig.run("agent", "add")).code, 0);
  assert.equal((await rig.run("notify", "test")).code, 0);
  assert.deepEqual(
    out.messages.map(({ kind }) => kind),
    ["test"],
  );

  const first = rig.agent();
  await poll(async () => (out.pings > 2 ? true : undefined), { limit: 60_000 });
  assert.equal(out.messages.length, 1);
  out.well = false;
  await said(2);
  assert.deepEqual([out.messages[1]?.kind, out.messages[1]?.incident], ["problem", "i1"]);
  assert.match(JSON.stringify(out.messages[1]?.findings), /healthz.*it answers 503.*"next":"[^"]{20,}"/);

  // Another agent knows what the dead one has told, once that is on disk: killed in between, it would be told twice rather than never.
  const { incidents } = watchPaths(agentPaths(rig.home), "watched");
  const ledger = async (): Promise<Ledger> => JSON.parse(await readFile(incidents, "utf8")) as Ledger;
  assert.ok(await poll(async () => ((await ledger()).incidents[0]?.told.problem ? true : undefined), { limit: 60_000 }));
  first.kill("SIGKILL");
  await once(first, "close");
  const second = rig.agent();
  const pings = out.pings;
  await poll(async () => (out.pings > pings + 2 ? true : undefined), { limit: 60_000 });
  assert.equal(out.messages.length, 2);
  out.well = true;
  await said(3);
  assert.deepEqual([out.messages[2]?.kind, out.messages[2]?.incident], ["over", "i1"]);

  // Rows that go, though nothing was deployed.
  const { write } = await findLibrary();
  write(join(rig.folder, "a.db"), "DELETE FROM notes");
  await said(4);
  assert.match(out.messages[3]?.title ?? "", /watched: main: notes: 0, at least 1 expected/);
  write(join(rig.folder, "a.db"), "INSERT INTO notes (text) VALUES ('back')");
  await said(5);
  assert.equal(out.messages[4]?.kind, "over");

  // An aplomo.yml that cannot be read blinds the agent, which says so with the words of the last one that could be.
  const yml = join(rig.folder, "aplomo.yml");
  const good = await readFile(yml, "utf8");
  await writeFile(yml, `${good}colour: red\n`);
  const blind = await poll(async () => (await ledger()).incidents.flatMap(({ troubles }) => troubles).find(({ key }) => key === "blind"), {
    limit: 60_000,
  });
  assert.match(blind?.message ?? "", /aplomo\.yml:\d+:\d+: .*colour/);
  await writeFile(yml, good);
  second.kill("SIGTERM");
  const [code] = (await once(second, "close")) as [number | null];
  assert.equal(code, 0);
});
