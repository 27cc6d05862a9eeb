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
