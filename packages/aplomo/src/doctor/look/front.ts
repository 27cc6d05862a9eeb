import { get } from "../../host/http.ts";
import { listPublishing } from "../../host/docker.ts";
import { addressOf } from "../../edges/upstreams.ts";
import type { SeenAddress, SeenFront } from "../observed.ts";
import { maskFor, type Patient } from "./patient.ts";

const checkLimit = 5_000;
const day = 24 * 60 * 60 * 1_000;

export async function lookInFront(patient: Patient): Promise<SeenFront> {
  const { config, target, services } = patient;
  const [edge, doors, addresses, { refusals }] = await Promise.all([
    lookAtEdge(patient),
    doorsOf(patient),
    Promise.all(config.settings.health.public.map((url) => askPublic(patient, url))),
    target.inspect(),
  ]);
  const mask = maskFor(config);
  return { edge, doors, public: addresses, services, refusals: refusals.map(({ message, hint }) => ({ message: mask(message), hint })) };
}

async function lookAtEdge({ edge, upstreams }: Patient): Promise<SeenFront["edge"]> {
  if (!edge.capabilities.switches) return null;
  const { running, refusals } = await edge.inspect();
  const meant = (await upstreams()).map(addressOf);
  // One that does not run points nowhere.
  const now = running && refusals.length === 0 ? await edge.current() : { upstreams: null, holding: false };
  return { kind: edge.kind, running, refusals, holding: now.holding, upstreams: now.upstreams?.map(addressOf) ?? null, meant };
}

/** Containers that publish the ports of the public addresses, whoever started them. */
async function doorsOf({ ctx, config }: Patient): Promise<SeenFront["doors"]> {
  const { health, target } = config.settings;
  if (target.kind === "pm2") return [];
  const ports = health.public.map((url) => {
    const { port, protocol } = new URL(url);
    return Number(port) || (protocol === "https:" ? 443 : 80);
  });
  const found = new Map<string, string[]>();
  for (const port of new Set(ports)) {
    const listed = await ctx.host.attempt(listPublishing(port), ctx.signal);
    for (const line of listed.stdout.split("\n").filter(Boolean)) {
      const { Names, Networks } = JSON.parse(line) as { Names: string; Networks: string };
      found.set(Names, Networks.split(",").filter(Boolean));
    }
  }
  return [...found].map(([name, networks]) => ({ name, networks }));
}

async function askPublic({ ctx, config }: Patient, url: string): Promise<SeenAddress> {
  const { status, problem, body, at, certificateEnds } = await get(url, checkLimit);
  const now = ctx.now().getTime();
  return {
    url,
    status,
    problem,
    said: maskFor(config)(body).slice(0, 300),
    certificateDays: certificateEnds === undefined ? null : Math.floor((certificateEnds - now) / day),
    clockAheadMs: at === undefined ? null : at - now,
  };
}
