import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import { databaseSuite, unique } from "../contract/database.suite.ts";
import { whyNoLab } from "../support/lab.ts";
import { mariadbFlags } from "../support/mariadb-bench.ts";
import { mysqlBench, mysqlDialect } from "../support/mysql-bench.ts";
import type { Server } from "../support/sql.ts";

const run = promisify(execFile);
const image = process.env["APLOMO_LAB_MYSQL"];
const project = unique("aplomo-test").replace("_", "-");
const container = `${project}-db-1`;
const password = "a-planted_password '55c1\"\\";
const server: Server = {
  app: project,
  client: (database) => [
    "docker",
    ["exec", "-i", "-e", "MYSQL_PWD", container, "mysql", ...mariadbFlags, database],
    { ...process.env, MYSQL_PWD: password },
  ],
  settings: (database) => ({ engine: "mysql", service: "db", name: database, invariants: {} }),
};

databaseSuite({
  title: "MySQL as a compose service",
  // Debian's unstable may have none that installs, which is no fault of this project: so also with CI set.
  skip: whyNoLab() ?? (image === undefined ? "the lab has no MySQL: script/lab up mysql" : false),
  async start() {
    const labels = { project, service: "db", oneoff: "False", "container-number": "1" };
    const flags = Object.entries(labels).flatMap(([label, value]) => ["--label", `com.docker.compose.${label}=${value}`]);
    const env = ["-e", `MYSQL_ROOT_PASSWORD=${password}`, "-e", "MYSQL_DATABASE=keeper"];
    await run("docker", ["run", "-d", "--name", container, ...flags, ...env, image ?? ""]);
    const [program, args, environment] = server.client("mysql");
    const ready = (): Promise<unknown> => run(program, [...args, "-e", "SELECT 1"], { env: environment }).catch(() => undefined);
    assert.ok(await poll(ready, { limit: 60_000, every: 200 }), "the server did not come up");
  },
  stop: async () => void (await run("docker", ["rm", "-f", "-v", container]).catch(() => {})),
  make: () => mysqlBench(server),
  dialect: mysqlDialect,
});
