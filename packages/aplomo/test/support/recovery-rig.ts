import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { delay } from "../../src/base/time.ts";
import { docker } from "./compose.ts";
import { ledgerClient, ledgerDatabase, pushLedgerDatabase } from "./ledger.ts";
import { buildProgram, makeLaptop, type Laptop } from "./laptop.ts";
import { ownServer, type OwnServer } from "./own-server.ts";
import { root } from "./root.ts";

/** A server of its own, an application with a database on it, and two laptops. */
export interface RecoveryRig {
  app: string;
  server: OwnServer;
  laptop: Laptop;
  other: Laptop;
  /** Says on both laptops what to deploy next: one migration more. Gives its number. */
  next(): Promise<number>;
  state(): Promise<State>;
  /** From nothing, after a state that nothing can begin with. */
  reset(): Promise<void>;
  /** What the server has to say of itself. */
  diagnosis(): Promise<string>;
  /** People who write until they are asked to stop; gives the entries that were answered as committed. */
  write(): () => Promise<number[]>;
  close(): Promise<void>;
}

/** What is in front, and what it holds, found out without Aplomo. */
export interface State {
  /** Of the image that answers, or `down`. */
  version: string;
  /** `MARK` inside each unit. */
  marks: string[];
  /** Applied migrations. */
  migrated: number;
  entries: number[];
  /** How the last deployment ended, as its journal says. */
  outcome: string;
  lockFree: boolean;
  /** Databases that live for the length of a deployment alone. */
  scratch: string[];
}

export async function recoveryRig(): Promise<RecoveryRig> {
  const app = `m${randomBytes(4).toString("hex")}`;
  const top = await mkdtemp(join(tmpdir(), "aplomo-recovery-"));
  const registry = process.env["APLOMO_LAB_REGISTRY"] ?? "";
  const images: string[] = [];
  await pushLedgerDatabase();
  const [server, program] = await Promise.all([ownServer(app), buildProgram(top)]);
  // An engine that dies leaves its containers running.
  await server.asRoot("echo '{\"live-restore\": true}' >/etc/docker/daemon.json && pkill -HUP -x dockerd");
  const [laptop, other] = await Promise.all(["first", "second"].map((name) => makeLaptop(top, name, server, program)));
  assert.ok(laptop && other);
  const url = `http://${server.address}:8080`;
  let version = 0;
  const next = async (): Promise<number> => {
    const image = `${registry}/aplomo-test/${app}:${++version}`;
    const context = join(root, "packages/aplomo/test/fixtures/ledger");
    await docker("build", "--quiet", "--tag", image, "--build-arg", `VERSION=${version}`, context);
    await docker("push", "--quiet", image);
    images.push(image);
    const text = stringify(composeFile(image));
    await Promise.all([laptop, other].map((one) => one.write("compose.yml", text)));
    return version;
  };
  const database = `${app}-db-1`;
  const psql = (sql: string): string => `docker exec ${database} psql -XqAt -U ledger -d ledger -c "${sql}" | tr "\\n" " "; echo`;

  for (const [one, mark] of [
    [laptop, "first"],
    [other, "second"],
  ] as const) {
    await writeFile(one.file, stringify(settings(app)));
    await one.write("app.env", `MARK=${mark}\n`);
  }

  return {
    app,
    server,
    laptop,
    other,
    next,
    async reset() {
      const labelled = `--filter label=com.docker.compose.project=${app}`;
      await server.asRoot(
        `docker ps -aq ${labelled} | xargs -r docker rm -fv; docker volume ls -q ${labelled} | xargs -r docker volume rm;` +
          ` rm -rf ${server.apps}/filler ${server.apps}/${app}; ip route del unreachable ${registry.split(":")[0]}/32 2>/dev/null; true`,
      );
      await next();
      const { code, stdout } = await laptop.aplomo("deploy");
      assert.equal(code, 0, stdout);
    },
    diagnosis: () =>
      server
        .asRoot(`docker ps -a; df ${server.apps}; tail -n 15 /var/log/dockerd.log; docker logs --tail 10 ${database} 2>&1`)
        .catch(String),
    async state() {
      const web = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
        (answer) => answer.text(),
        () => "down",
      );
      const folder = `${server.apps}/${app}`;
      const units = `docker ps -q --filter label=com.docker.compose.project=${app} --filter label=com.docker.compose.service=web`;
      const lines = await server.asRoot(
        `for u in $(${units}); do docker exec $u printenv MARK; done | tr "\\n" " "; echo
${psql("SELECT count(*) FROM aplomo_migrations WHERE finished_at IS NOT NULL")}
${psql("SELECT id FROM entries ORDER BY id")}
${psql("SELECT datname FROM pg_database WHERE datname ~ '^aplomo_(copy|restore|replaced)'")}
tail -n 1 ${folder}/deployments/$(ls -v ${folder}/deployments | tail -n 1)/journal.jsonl
cat ${folder}/lock/$(ls -v ${folder}/lock | tail -n 1)`,
      );
      const [marks = "", migrated = "", entries = "", scratch = "", journal = "{}", lock = ""] = lines.split("\n");
      return {
        version: web,
        marks: words(marks),
        migrated: Number(migrated),
        entries: words(entries).map(Number),
        outcome: (JSON.parse(journal) as { outcome?: string }).outcome ?? "none",
        lockFree: lock.includes('"released":true'),
        scratch: words(scratch),
      };
    },
    write() {
      const written: number[] = [];
      let stop = false;
      const going = (async () => {
        while (!stop) {
          const answer = await fetch(url, { method: "POST", signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
          if (answer?.status === 201) written.push(Number(await answer.text()));
          await delay(150);
        }
      })();
      return async () => {
        stop = true;
        await going;
        return written;
      };
    },
    async close() {
      await server.close();
      for (const image of images) await docker("rmi", image).catch(() => "");
      await rm(top, { recursive: true, force: true });
    },
  };
}

function settings(app: string): object {
  return {
    app,
    target: { kind: "compose", host: "server", ssh_config: ".ssh/config" },
    env: { file: "app.env" },
    databases: { ledger: { engine: "postgres", service: "db", invariants: { entries: { never_falls: true } } } },
    migrate: { service: "web", files: "/app/migrations", database: "ledger" },
    rehearsal: { when: "never" },
    health: { service: "web", port: 3000, path: "/healthz", within: "40s", watch: "1s" },
  };
}

function composeFile(image: string): object {
  const web = {
    image,
    env_file: ["app.env"],
    environment: ledgerClient,
    ports: ["8080:3000"],
    stop_grace_period: "3s",
    restart: "unless-stopped",
    depends_on: { db: { condition: "service_healthy" } },
  };
  return { services: { web, db: ledgerDatabase }, volumes: { data: {} } };
}

function words(line: string): string[] {
  return line.trim().split(/\s+/).filter(Boolean);
}
