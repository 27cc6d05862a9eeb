import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { poll } from "../../src/base/time.ts";
import { baseRig, clinicAt, versionAt, type AgendaRig } from "./agenda.ts";
import { assembleAgenda, buildAgenda, hashPostgres } from "./agenda-compose.ts";
import { removeBesides, swarmGround } from "./swarm-ground.ts";
import { onEngine, onManager } from "./swarm.ts";

const registry = (): string => `${process.env["APLOMO_LAB_REGISTRY"]}/aplomo-test`;

/**
 * The agenda as a service of the lab's swarm behind Aplomo's Caddy, on a PostgreSQL that is a service of the swarm too, and with a
 * secret that the swarm gives to its tasks. The command runs in the network of the first node, as it does where it is used.
 */
export async function swarmServerAgenda(): Promise<AgendaRig> {
  const ground = await swarmGround();
  const base = await baseRig("swarm");
  const { port } = ground;
  const service = `agenda-${port}`;
  const db = `${service}-db`;
  const password = "a-planted_password-7f3a";
  base.env["APLOMO_HOME"] = join(ground.folder, "home");
  base.env["DOCKER_HOST"] = process.env["APLOMO_LAB_SWARM_DOCKER_HOST"];
  await base.setVariable("POSTGRES_PASSWORD", password);
  await base.setVariable("DATABASE_URL", `postgres://agenda:${password}@${db}:5432/agenda`);
  await base.setVariable("HOST", "0.0.0.0");
  const create = ["service", "create", "--detach", "--quiet", "--constraint", "node.hostname==s1", "--network", ground.network];
  const about = { POSTGRES_USER: "agenda", POSTGRES_DB: "agenda", POSTGRES_PASSWORD: password };
  const set = Object.entries(about).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const push = async (from: string, name: string): Promise<string> => {
    const image = `${registry()}/${name}`;
    await onEngine("tag", from, image);
    await onEngine("push", "--quiet", image);
    return image;
  };
  const direct = ["--endpoint-mode", "dnsrr"];
  await onManager(...create, ...direct, ...set, "--name", db, await push("aplomo-lab/postgres:latest", "postgres:latest"));
  const container = async (): Promise<string> => onManager("ps", "--quiet", "--filter", `label=com.docker.swarm.service.name=${db}`);
  const psql = async (sql: string): Promise<string> =>
    onManager("exec", await container(), "psql", "-XqAt", "-h", "127.0.0.1", "-U", "agenda", "-d", "agenda", "-c", sql);
  const answers = await poll(async () => ((await container()) === "" ? undefined : psql("SELECT 1").catch(() => undefined)), {
    limit: 90_000,
    every: 500,
  });
  if (answers === undefined) throw new Error(`${db} does not answer`);
  return {
    ...base,
    port,
    within: ["nsenter", "--target", await onEngine("inspect", "--format", "{{.State.Pid}}", "s1"), "--net", "--"],
    async assemble(version) {
      await assembleAgenda(version, base.folder);
      const config = parse(await readFile(join(base.folder, "aplomo.compose.yml"), "utf8")) as Record<string, Record<string, unknown>>;
      const image = await push(await buildAgenda(version), `agenda:${version}`);
      const { service: _migrates, ...migrate } = config["migrate"] ?? {};
      const { service: _seeds, ...seed } = config["seed"] ?? {};
      const { service: _health, ...health } = config["health"] ?? {};
      const next = {
        ...config,
        target: { kind: "swarm", service, image, replicas: 1, start_timeout: "60s" },
        edge: ground.edge,
        databases: { agenda: { ...(config["databases"]?.["agenda"] as object), service: db } },
        migrate,
        seed,
        health: { ...health, public: [`${ground.url}healthz`] },
      };
      await writeFile(base.configFile, stringify(next));
      await base.finishAssembly();
      if ((await onManager("service", "ls", "--quiet", "--filter", `name=${service}`)).split("\n").length > 1) return;
      await onManager("secret", "create", service, base.configFile);
      await onManager(...create, ...direct, "--secret", `source=${service},target=word`, "--replicas", "0", "--name", service, image);
      ground.open();
    },
    async state() {
      const ids = await onManager("service", "ls", "--format", "{{.Name}} {{.Image}} {{.Replicas}}", "--filter", `name=${service}`);
      return { version: await versionAt(port), code: ids.split("\n").sort(), clinic: await clinicAt(port), data: await hashPostgres(psql) };
    },
    async close() {
      await removeBesides(service);
      for (const name of [service, db]) await onManager("service", "rm", name).catch(() => "");
      await onManager("secret", "rm", service).catch(() => "");
      const filter = `network=${ground.network}`;
      const left = async (): Promise<true | undefined> =>
        (await onManager("ps", "--all", "--quiet", "--filter", filter, "--filter", "label=com.docker.swarm.task")) === ""
          ? true
          : undefined;
      await poll(left, { limit: 30_000, every: 500 });
      await ground.close();
      await rm(dirname(base.folder), { recursive: true, force: true });
    },
  };
}
