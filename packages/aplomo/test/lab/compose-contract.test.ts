import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { targetSuite } from "../contract/target.suite.ts";
import { answerOf, composeFixture, docker, type ComposeFixture } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";

// The first fetch of a process loads its parts while docker's proxy already drops the connection, and may then wait for ever.
await fetch("http://127.0.0.1:1").catch(() => {});

// A test that skips itself half-way is not cleaned up after.
const made: ComposeFixture[] = [];
after(async () => {
  for (const fixture of made) await fixture.close();
});

targetSuite({
  kind: "compose",
  skip: whyNoCompose("V2"),
  async make() {
    const fixture = await composeFixture({ web: { mem_limit: "256m" } });
    made.push(fixture);
    return {
      app: fixture.app,
      service: "web",
      url: fixture.url,
      open: async () => fixture.open(),
      change: (next) => fixture.change(next),
      async startByHand() {
        await fixture.compose("up", "-d");
        await answerOf(fixture.url);
      },
      release: (id) => fixture.release(id),
      damage: (release) => writeFile(join(release.path, "compose.yml"), "{}"),
      async kill(unit) {
        const [id = ""] = unit.id.split(":");
        process.kill(Number(await docker("inspect", "--format", "{{.State.Pid}}", id)), "SIGKILL");
      },
      close: () => fixture.close(),
    };
  },
});
