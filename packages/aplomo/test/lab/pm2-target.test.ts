import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { targetSuite } from "../contract/target.suite.ts";
import { openPm2Lab } from "../support/pm2.ts";

const lab = await openPm2Lab();
after(() => lab.close());

for (const instances of [1, 2]) {
  targetSuite({
    kind: `pm2, ${instances === 1 ? "one process" : "a cluster of two"}`,
    // One process is also what the tests of failures, switches and the agenda behind an edge have.
    skip: instances === 1 && !process.env["APLOMO_TEST_FULL"] ? "a long round: script/test --full" : undefined,
    async make() {
      const application = await lab.application({ instances, target: { max_memory_restart: "400M" } });
      return {
        ...application,
        open: async () => application.open(),
        damage: (release) => appendFile(join(release.path, "app", "server.cjs"), "\n// changed"),
        kill: async ({ id }) => void process.kill(Number(id.split(":")[1]), "SIGKILL"),
        close: () => application.remove(),
      };
    },
  });
}
