import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "../../src/base/time.ts";
import { docker } from "../support/compose.ts";
import { root } from "../support/root.ts";

/** Another host of the lab's network with MariaDB on it, set up as the README of an example says. */
export interface MariadbHost {
  name: string;
  address: string;
  /** As root, in the example's database. */
  sql(text: string): Promise<string>;
  close(): Promise<void>;
}

export async function mariadbHost(name: string, example: string, database: string, password: string): Promise<MariadbHost> {
  // The lab's own engine, whichever a test speaks to later.
  const engine = process.env["DOCKER_HOST"] ?? "";
  const on = (...args: string[]): Promise<string> => docker("-H", engine, ...args);
  await on("rm", "--force", "--volumes", name).catch(() => "");
  await on("run", "--detach", "--name", name, "--network", "lab", "-e", "MARIADB_ROOT_PASSWORD=root", "aplomo-lab/mariadb");
  // Over TCP: the server that only prepares the database answers on its socket alone, and is gone a moment later.
  const open = async (): Promise<true | undefined> =>
    on("exec", name, "healthcheck.sh", "--connect", "--innodb_initialized").then(
      () => true as const,
      () => undefined,
    );
  assert.ok(await poll(open, { limit: 120_000, every: 500 }), "MariaDB has not started");
  const readme = await readFile(join(root, "examples", example, "README.md"), "utf8");
  const grants = /```sql\n([\s\S]*?)```/.exec(readme)?.[1] ?? assert.fail(`no SQL in the README of ${example}`);
  const client = ["exec", "-e", "MYSQL_PWD=root", name, "mariadb", "-uroot", "-BN"];
  await on(...client, "-e", grants.replace("CHANGE_ME", password));
  return {
    name,
    address: await on("inspect", "-f", "{{.NetworkSettings.Networks.lab.IPAddress}}", name),
    sql: (text) => on(...client, database, "-e", text),
    close: async () => void (await on("rm", "--force", "--volumes", name).catch(() => "")),
  };
}
