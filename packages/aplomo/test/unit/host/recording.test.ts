import assert from "node:assert/strict";
import { it } from "node:test";
import { findCompose } from "../../../src/host/compose.ts";
import { recordingHost } from "../../../src/host/recording.ts";
import { CommandError } from "../../../src/host/run.ts";

it("keeps what it was asked, and answers from a function", async () => {
  const host = recordingHost(([program]) => (program === "git" ? { stdout: "abc\n" } : undefined));
  assert.equal((await host.run({ argv: ["git", "rev-parse"] })).stdout, "abc\n");
  assert.equal((await host.attempt({ argv: ["absent"] })).code, 127);
  await assert.rejects(host.run({ argv: ["absent"] }), CommandError);
  const running = host.spawn({ argv: ["git"] }, ["pipe", "pipe", "ignore"]);
  const said = await running.stdout?.setEncoding("utf8").toArray();
  assert.deepEqual([said, await running.ended], [["abc\n"], { code: 0, signal: null }]);
  assert.deepEqual(
    host.commands.map((command) => command.argv.join(" ")),
    ["git rev-parse", "absent", "absent", "git"],
  );
});

it("docker compose is taken first, the old program where only that exists", async () => {
  const both = recordingHost(([program]) => ({ stdout: program === "docker" ? "v2.40.3\n" : "1.29.2\n" }));
  assert.deepEqual(await findCompose(both), { argv: ["docker", "compose"], version: "2.40.3", old: false });
  const old = recordingHost(([program]) => (program === "docker" ? { code: 125, stdout: "" } : { stdout: "1.29.2\n" }));
  assert.deepEqual(await findCompose(old), { argv: ["docker-compose"], version: "1.29.2", old: true });
  assert.deepEqual(await findCompose(both, '["sudo", "docker-compose"]'), {
    argv: ["sudo", "docker-compose"],
    version: "1.29.2",
    old: true,
  });
  await assert.rejects(findCompose(recordingHost(() => undefined)), /neither answers: docker compose, docker-compose/);
});
