// What people type today, as their runbooks have it: migrate, then replace.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { support } from "./support.mjs";

const { composeRig } = await support("agenda-compose");
const { pm2Rig } = await support("agenda-pm2");
const { swarmAgenda } = await support("agenda-swarm");

export const byHand = { "compose up --force-recreate": compose, "docker service update": swarm, "pm2 reload": pm2 };

async function compose() {
  const rig = await composeRig(0);
  const docker = (...args) => shell(rig, ["docker", "compose", "-p", `agenda-${rig.port}`, ...args]);
  const job = (file) => docker("run", "--rm", "-T", "web", "node", file);
  return {
    rig,
    async start() {
      await docker("up", "-d", "--wait", "db");
      for (const file of ["migrate.js", "seed.js"]) await job(file);
      await docker("up", "-d", "web");
    },
    replace: async () => (await job("migrate.js")) || docker("up", "-d", "--force-recreate", "--no-deps", "web"),
    close: () => rig.close(),
  };
}

/** Published at a port of its node: the lab has no mesh. The client is attached, as it is by itself. */
async function swarm() {
  const rig = await swarmAgenda();
  const job = (file) => shell(rig, ["docker", "run", "--rm", ...rig.words, rig.image(), "node", file]);
  const update = (...args) => shell(rig, ["docker", "service", "update", "--quiet", "--image", rig.image(), ...args, rig.service]);
  return {
    rig,
    async start() {
      for (const file of ["migrate.js", "seed.js"]) await job(file);
      await update("--replicas", "1");
      rig.open();
    },
    replace: async () => (await job("migrate.js")) || update("--env-add", `CLINIC_NAME=${Date.now()}`),
    close: () => rig.close(),
  };
}

/** In the folder that it runs from, as `git pull` leaves it. */
async function pm2() {
  const rig = await pm2Rig();
  const inFolder = async (...argv) => {
    const lines = (await readFile(join(rig.folder, ".env"), "utf8")).trim().split("\n");
    const own = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
    return shell({ ...rig, env: { ...rig.env, ...own, PORT: String(rig.port) } }, argv);
  };
  return {
    rig,
    async start() {
      for (const file of ["migrate.js", "seed.js"]) await inFolder("node", file);
      await inFolder("pm2", "start", "server.js", "--name", "agenda", "-i", "2");
    },
    replace: async () => (await inFolder("node", "migrate.js")) || inFolder("pm2", "reload", "agenda", "--update-env"),
    close: () => rig.close(),
  };
}

async function shell(rig, argv) {
  const child = spawn(argv[0], argv.slice(1), { cwd: rig.folder, env: rig.env, stdio: process.env.DEBUG ? "inherit" : "ignore" });
  const [code] = await once(child, "close");
  return code;
}
