// One good version and five that must not stay, by hand and by Aplomo.
import { setTimeout as sleep } from "node:timers/promises";
import { byHand } from "./by-hand.mjs";
import { must, source, support, test } from "./support.mjs";
import { put } from "./table.mjs";

const { aplomo, versionAt } = await support("agenda");
const { frontedRig } = await support("agenda-edge");
const { swarmServerAgenda } = await support("agenda-swarm-server");
const { steadyClient } = await support("strict-client");
const { get } = await source("host/http");
const { book } = await test("deploy/scenarios");

const head = ["how", "version", "exit code", "outcome", "failed requests", "known after", "old release back after", "rows lost"];
const all = ["good", "crash", "hang", "exit-zero", "migration-fails", "lossy"];
const ours = {
  "aplomo, compose behind caddy": () => frontedRig("compose", "caddy"),
  "aplomo, swarm behind caddy": () => swarmServerAgenda(),
  "aplomo, pm2 cluster behind caddy": () => frontedRig("pm2 cluster", "caddy"),
};

export async function versions(only, one) {
  for (const how of [...Object.keys(byHand), ...Object.keys(ours)]) {
    if (!how.includes(only)) continue;
    for (const version of one === undefined ? all : [one]) {
      const row = [how, version, ...(await (byHand[how] ? typed(byHand[how], version) : deployed(ours[how], version)))];
      console.log(row.join("  "));
      await put("versions", head, [row], 2, rank);
    }
  }
}

/** Version by version, by hand before Aplomo. */
function rank([how, version]) {
  return all.indexOf(version) * 10 + [...Object.keys(byHand), ...Object.keys(ours)].indexOf(how);
}

/** Version 2 with appointments in front, `act` under 50 requests a second, and some seconds more. */
async function measured(rig, act, after) {
  await answering(rig.port);
  await book(rig.port, 20);
  const before = await appointments(rig.port);
  const client = steadyClient(`http://127.0.0.1:${rig.port}/api/practitioners`, 0);
  try {
    client.faster(50);
    await sleep(1_000);
    const told = await act();
    await sleep(after);
    const { failed } = await client.stop();
    if (failed.length > 0) console.log([...new Set(failed)].join(", "));
    const left = await appointments(rig.port).catch(() => null);
    return { told, failed: failed.length, lost: left === null ? "not known: it does not answer" : Math.max(0, before - left) };
  } finally {
    await client.stop();
  }
}

async function bring(rig, version) {
  if (version === "good") await rig.setVariable("CLINIC_NAME", "Lab Clinic 2");
  else await rig.assemble(version);
}

async function deployed(make, version) {
  const rig = await make();
  try {
    await rig.assemble("v2");
    await must((...args) => aplomo(rig, ...args), "deploy");
    const { told, failed, lost } = await measured(
      rig,
      async () => {
        await bring(rig, version);
        return aplomo(rig, "deploy");
      },
      2_000,
    );
    const at = (type) => told.events.find((event) => event.type === type)?.at;
    const since = (type) => (at(type) ? seconds(Date.parse(at(type)) - Date.parse(at("deployment.started"))) : "");
    const { outcome } = told.events.at(-1);
    return [told.code, outcome, failed, since("step.failed"), outcome === "undone" ? since("deployment.finished") : "", lost];
  } finally {
    await rig.close();
  }
}

/** Nobody watches; what is seen 12 s later is what users have. */
async function typed(make, version) {
  const { rig, start, replace, close } = await make();
  try {
    await rig.assemble("v2");
    await start();
    const act = async () => {
      await bring(rig, version);
      return replace();
    };
    const { told, failed, lost } = await measured(rig, act, 12_000);
    const now = await versionAt(rig.port);
    const outcome = now === "down" || now.startsWith("answers") ? "down" : `${now} in front`;
    const known = version === "good" ? "" : told === 0 ? "never" : "when it ended";
    return [told, outcome, failed, known, "", lost];
  } finally {
    await close();
  }
}

async function answering(port) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await appointments(port).catch(() => null)) !== null) return;
    await sleep(200);
  }
  throw new Error("the application does not answer");
}

async function appointments(port) {
  const { status, body } = await get(`http://127.0.0.1:${port}/api/appointments?limit=1000`, 5_000);
  if (status !== 200) throw new Error(`the application answers ${status}`);
  return JSON.parse(body).appointments.length;
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
