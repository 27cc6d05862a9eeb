// Deploys and rollbacks in a row under load.
import { must, support } from "./support.mjs";
import { put } from "./table.mjs";

const { aplomo } = await support("agenda");
const { frontedRig } = await support("agenda-edge");
const { swarmFront } = await support("swarm-edge");
const { steadyClient } = await support("strict-client");

const head = ["target", "edge", "deploys + rollbacks", "answered", "failed", "each took (median)"];

/** Each makes an application and says how its first and its second version are brought. */
const ways = [
  { target: "compose", edge: "caddy" },
  { target: "compose", edge: "traefik" },
  { target: "compose", edge: "nginx" },
  { target: "swarm, two nodes", edge: "caddy", make: swarm },
  { target: "pm2 cluster", edge: "caddy" },
  { target: "pm2 fork", edge: "caddy" },
  { target: "pm2 fork", edge: "nginx" },
];

export async function rounds(times, only) {
  for (const { target, edge, make = agenda } of ways) {
    if (!`${target} ${edge}`.includes(only)) continue;
    const { url, first, second, run, close } = await make(target, edge);
    const client = steadyClient(url, 0);
    const took = [];
    const timed = async (...args) => {
      const { events } = await must(run, ...args);
      took.push(events.at(-1).durationMs);
      return events.at(-1);
    };
    try {
      await first();
      await must(run, "deploy");
      client.faster(200);
      await second();
      for (let round = 0; round < times; round++) {
        const { previous } = await timed("deploy");
        await timed("rollback", previous);
      }
      const { answered, failed } = await client.stop();
      const median = `${(took.toSorted((one, other) => one - other)[times] / 1_000).toFixed(1)} s`;
      const row = [target, edge, `${times} + ${times}`, answered, failed.length, median];
      console.log(row.join("  "), [...new Set(failed)].join(", "));
      await put("rounds", head, [row], 2, ([one, other]) => ways.findIndex((way) => way.target === one && way.edge === other));
    } finally {
      await client.stop();
      await close();
    }
  }
}

async function agenda(target, edge) {
  const rig = await frontedRig(target, edge);
  rig.configure(/watch: \w+/, "watch: 1s");
  return {
    url: `http://127.0.0.1:${rig.port}/api/practitioners`,
    first: () => rig.assemble("v1"),
    second: () => rig.assemble("patch"),
    run: (...args) => aplomo(rig, ...args),
    close: () => rig.close(),
  };
}

async function swarm() {
  const front = await swarmFront();
  return { ...front, first: () => front.put("1"), second: () => front.put("2") };
}
