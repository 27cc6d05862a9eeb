import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import { databaseSuite, unique } from "../contract/database.suite.ts";
import { whyNoLab } from "../support/lab.ts";
import { byUrl, mariadbBench, mariadbDialect, mariadbFlags } from "../support/mariadb-bench.ts";
import { haveMariadb, startMariadb, type Maria } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import type { Server } from "../support/sql.ts";

const run = promisify(execFile);
const skip = need(haveMariadb(), "no MariaDB server and client programs: packages/runtime/test/install.sh");
let maria: Maria;
const server = byUrl(() => maria);

databaseSuite({
  title: "MariaDB by URL",
  skip,
  start: async () => void (maria = await startMariadb()),
  stop: () => maria.stop(),
  make: () => mariadbBench(server),
  dialect: mariadbDialect,
});

const password = "a-planted_password '55c1\"\\";

/** A compose service, on a network of the engine or on none. */
function compose(title: string, network: "bridge" | "none", long: false | string = false): void {
  const project = unique("aplomo-test").replace("_", "-");
  const container = `${project}-db-1`;
  const service: Server = {
    app: project,
    client: (database) => [
      "docker",
      ["exec", "-i", "-e", "MYSQL_PWD", container, "mariadb", ...mariadbFlags, database],
      { ...process.env, MYSQL_PWD: password },
    ],
    settings: (database) => ({ engine: "mariadb", service: "db", name: database, invariants: {} }),
  };
  databaseSuite({
    title,
    skip: long || (whyNoLab() ?? false),
    async start() {
      const labels = { project, service: "db", oneoff: "False", "container-number": "1" };
      const flags = Object.entries(labels).flatMap(([label, value]) => ["--label", `com.docker.compose.${label}=${value}`]);
      const env = ["-e", `MARIADB_ROOT_PASSWORD=${password}`, "-e", "MARIADB_DATABASE=keeper"];
      await run("docker", ["run", "-d", "--network", network, "--name", container, ...flags, ...env, "aplomo-lab/mariadb"]);
      const [program, args, environment] = service.client("mysql");
      const ready = (): Promise<unknown> => run(program, [...args, "-e", "SELECT 1"], { env: environment }).catch(() => undefined);
      assert.ok(await poll(ready, { limit: 60_000, every: 200 }), "the server did not come up");
    },
    stop: async () => void (await run("docker", ["rm", "-f", "-v", container]).catch(() => {})),
    async make() {
      const bench = await mariadbBench(service);
      const { tool } = await bench.database.check();
      const straight = network === "bridge" && skip === false;
      assert.equal(tool.includes(container), !straight, tool);
      return bench;
    },
    dialect: mariadbDialect,
  });
}

compose("MariaDB as a compose service, straight to its address", "bridge");
// Each question starts a program in the container: two minutes, and PostgreSQL's suite does the same.
const long = process.env["APLOMO_TEST_FULL"] ? false : "a long round: script/test --full";
compose("MariaDB as a compose service, by its own programs", "none", long);
