import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { poll } from "../../src/base/time.ts";
import { baseRig, clinicAt, versionAt, type AgendaRig } from "./agenda.ts";
import { assembleAgenda, buildAgenda } from "./agenda-compose.ts";
import { hashSqlite } from "./agenda-pm2.ts";
import { removeBesides, swarmGround } from "./swarm-ground.ts";
import { onEngine, onManager } from "./swarm.ts";

export interface SwarmAgenda extends AgendaRig {
  service: string;
  /** The image of the version that was last assembled, as the registry has it. */
  image(): string;
  /** Words of `docker run` and `docker service create` that give a container the application's data and environment. */
  words: readonly string[];
  /** Where requests come in, without the way over this machine. */
  url: string;
  /** Its port at this machine's loopback leads to the node from now on. */
  open(): void;
}

/** The agenda as people have it without Aplomo: a service of the lab's swarm, with SQLite on the first node, at a port of that node. */
export async function swarmAgenda(): Promise<SwarmAgenda> {
  const ground = await swarmGround();
  const base = await baseRig("swarm");
  const { port, url, open } = ground;
  const service = `agenda-${port}`;
  const data = join(ground.folder, "data");
  const database = join(data, "agenda.db");
  await mkdir(data);
  let image = "";
  base.env["APLOMO_HOME"] = join(ground.folder, "home");
  base.env["DOCKER_HOST"] = process.env["APLOMO_LAB_SWARM_DOCKER_HOST"];
  await base.setVariable("DATABASE_FILE", database);
  const mount = `type=bind,source=${data},target=${data}`;
  const words = ["--mount", mount, "--env", `DATABASE_FILE=${database}`, "--env", "HOST=0.0.0.0", "--user", "0:0"];
  const place = ["--constraint", "node.hostname==s1", "--network", ground.network, "--endpoint-mode", "dnsrr"];
  const published = ["--publish", `mode=host,published=${port},target=3000`];
  return {
    ...base,
    port,
    url,
    service,
    words,
    open,
    image: () => image,
    async assemble(version) {
      await assembleAgenda(version, base.folder);
      image = `${process.env["APLOMO_LAB_REGISTRY"]}/aplomo-test/agenda:${version}`;
      await onEngine("tag", await buildAgenda(version), image);
      await onEngine("push", "--quiet", image);
      await base.finishAssembly();
      if ((await onManager("service", "ls", "--quiet", "--filter", `name=${service}`)) !== "") return;
      const create = ["service", "create", "--detach", "--quiet", "--name", service, "--replicas", "0", ...words, ...place, ...published];
      await onManager(...create, image);
    },
    async state() {
      const images = await onManager("service", "ps", service, "--filter", "desired-state=running", "--format", "{{.Image}}", "--no-trunc");
      return { version: await versionAt(port), code: images.split("\n"), clinic: await clinicAt(port), data: hashSqlite(database) };
    },
    async close() {
      await removeBesides(service);
      await onManager("service", "rm", service).catch(() => "");
      const left = (): Promise<true | undefined> =>
        onManager("ps", "--quiet", "--filter", `label=com.docker.swarm.service.name=${service}`).then((ids) =>
          ids === "" ? true : undefined,
        );
      await poll(left, { limit: 20_000, every: 300 });
      await ground.close();
      await rm(dirname(base.folder), { recursive: true, force: true });
    },
  };
}
