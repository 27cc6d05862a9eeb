import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { poll } from "../../../src/base/time.ts";
import { local } from "../../../src/host/local.ts";
import { processIdentity } from "../../../src/host/process.ts";
import { aplomo, aplomoWhile, failureOf, finishedOf, type AgendaRig } from "../../support/agenda.ts";
import { frontedRig, whyNoEdge } from "../../support/agenda-edge.ts";
import { releaseProcesses } from "../../support/agenda-pm2.ts";
import { swarmServerAgenda } from "../../support/agenda-swarm-server.ts";
import { edgeProgram } from "../../support/edge-rigs.ts";
import { whyNoSwarm } from "../../support/swarm.ts";

/** A new release that serves ends: while the old one still answers somebody, or while it is watched. By a crash, and with exit code 0. */
const moments = [
  { step: "switch.drain", signal: "SIGKILL" },
  { step: "prove.stability", signal: "SIGTERM" },
] as const;

const swarm = process.env["APLOMO_TEST_FULL"] ? ((await whyNoSwarm()) ?? edgeProgram("caddy").skip) : "a long round: script/test --full";
const targets = [
  ...(["compose", "pm2 fork"] as const).map((name) => ({ name, skip: whyNoEdge(name, "caddy"), make: () => frontedRig(name, "caddy") })),
  { name: "swarm", skip: swarm, make: swarmServerAgenda },
];

for (const { name: target, skip, make } of targets) {
  describe(`${target}: a new release that ends`, { skip }, () => {
    it("is found out in the very step that runs, and the time it took is printed", async () => {
      const rig: AgendaRig = await make();
      try {
        rig.configure(/watch: \w+/, "watch: 10s");
        await rig.assemble("v1");
        const first = await aplomo(rig, "deploy");
        assert.equal(first.code, 0, first.output.slice(-3_000));
        await rig.assemble("patch");
        for (const [index, { step, signal }] of moments.entries()) {
          const held = step === "switch.drain" ? upload(rig.port) : undefined;
          let ended = Promise.resolve(0);
          const run = await aplomoWhile(rig, step, () => void (ended = end(rig, `r${index + 2}`, signal)), "deploy");
          held?.destroy();
          assert.equal(finishedOf(run).outcome, "undone", run.output.slice(-3_000));
          const failed = failureOf(run);
          assert.equal(failed.step, step);
          const { at } = failed as typeof failed & { at: string };
          const seconds = (Date.parse(at) - (await ended)) / 1_000;
          console.log(`${target}: a release that ended by ${signal} in ${step} was told after ${seconds.toFixed(1)} s`);
          assert.equal((await rig.state()).version, "1.0.0");
        }
      } finally {
        await rig.close();
      }
    });
  });
}

/** A request that somebody takes long to send: whoever answers it is not done. */
function upload(port: number): ReturnType<typeof connect> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write("POST /api/appointments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
  return socket;
}

/** Its units get the signal; when the last one has ended. */
async function end(rig: AgendaRig, release: string, signal: "SIGKILL" | "SIGTERM"): Promise<number> {
  if (rig.kind === "pm2") {
    const pids = await releaseProcesses(rig, release);
    for (const pid of pids) process.kill(pid, signal);
    await poll(async () => pids.every((pid) => processIdentity(pid) === null) || undefined, { limit: 30_000, every: 20 });
    return Date.now();
  }
  const own = rig.kind === "swarm" ? `com.docker.swarm.service.name` : `com.docker.compose.project=agenda-${rig.port}`;
  const docker = async (...args: string[]): Promise<string> =>
    (await local.run({ argv: ["docker", ...args], env: { DOCKER_HOST: rig.env["DOCKER_HOST"] ?? "" } })).stdout.trim();
  const ids = (await docker("ps", "--quiet", "--filter", `label=${own}`, "--filter", `label=aplomo.release=${release}`)).split("\n");
  await docker("kill", "--signal", signal, ...ids);
  await docker("wait", ...ids);
  return Math.max(...(await docker("inspect", "--format", "{{.State.FinishedAt}}", ...ids)).split("\n").map(Date.parse));
}
