import { join } from "node:path";
import { AplomoError, reason } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import type { Answer } from "../../host/http.ts";
import type { Edge, EdgeFacts, Site } from "../contract.ts";
import { drainCounted } from "../drain.ts";
import { forgetPorts, portRefusals, type Ports } from "../ports.ts";
import type { RunBy } from "../run/runner.ts";
import { addressOf, checkUpstreams, sameUpstreams, type Ask } from "../upstreams.ts";
import { caddyFolder, longestHold, upstreamHeader } from "./config.ts";
import { pointerText, readPointer, writePointer, type Pointer } from "./pointer.ts";
import { openServer } from "./server.ts";
import { clashOf, readSites, removeSite, withSite, writeSite } from "./sites.ts";
import { askSocket } from "./socket.ts";

const nowhere: Pointer = { upstreams: null, holding: false };

/** A Caddy that Aplomo runs, one for all applications of the server. Its configuration stands still at a switch: see `pointer.ts`. */
export function openCaddy(ctx: Context, site: Site, options: { run: RunBy; ports: Ports }): Edge {
  const { app } = site;
  const folder = caddyFolder(join(ctx.home, "edge", "caddy"));
  const server = openServer(ctx, folder, options);

  const askThroughCaddy: Ask = async (upstream, path, timeout) => {
    const headers = { [upstreamHeader]: addressOf(upstream), host: site.hosts[0] ?? addressOf(upstream) };
    const begun = performance.now();
    const answer = (said: Pick<Answer, "status" | "body" | "problem">): Answer => ({ ...said, ms: Math.round(performance.now() - begun) });
    try {
      return answer({ ...(await askSocket(folder.probe, path, { headers, timeout })), problem: null });
    } catch (error) {
      return answer({ status: null, body: "", problem: reason(error) });
    }
  };

  const written = async (): Promise<Pointer> => (await readPointer(folder, app)) ?? nowhere;

  /** What Caddy itself reads. */
  async function asRead(): Promise<string | null> {
    const said = await askSocket(folder.probe, `/pointing/${app}`, { timeout: 2_000 }).catch(() => null);
    return said?.status === 200 && said.body !== "" ? said.body : null;
  }

  async function turn(pointer: Pointer): Promise<void> {
    await writePointer(folder, app, pointer);
    const meant = pointerText(pointer);
    const seen = async (): Promise<true | undefined> => ((await asRead()) === meant ? true : undefined);
    if (await poll(seen, { limit: 5_000, every: 20, signal: ctx.signal })) return;
    throw new AplomoError({
      operation: "turn",
      subject: `Caddy for ${app}`,
      cause: `it does not read ${folder.sites} as it was written`,
      hint: "It must run as the same user, and in a container with this folder at the same path.",
    });
  }

  async function inspect(): Promise<EdgeFacts> {
    const running = await server.running();
    const { version, refusals } = await server.version();
    const clash = clashOf(await readSites(folder), site);
    // The system's limit for a socket's path.
    const long = { message: `${folder.probe} is too long for a socket`, hint: "Set APLOMO_HOME to a shorter path." };
    return {
      version,
      running,
      refusals: [
        ...refusals,
        ...(clash ? [clash] : []),
        ...(await portRefusals(folder.path, options.ports, running)),
        ...(folder.probe.length > 107 ? [long] : []),
      ],
    };
  }

  return {
    kind: "caddy",
    capabilities: {
      switches: true,
      holds: { limitMs: longestHold, survivesRestart: true },
      drains: "counted",
      keepsConnections: true,
      joinsQuietly: false,
      keepsWebSockets: true,
      checks: "edge",
      https: "automatic",
    },
    inspect,
    ensure: () =>
      server.alone(async () => {
        const sites = withSite(await readSites(folder), site);
        await writeSite(folder, site);
        if ((await readPointer(folder, app)) === null) await writePointer(folder, app, nowhere);
        return { edge: "caddy", applications: sites.length, changed: await server.bring(sites) };
      }),
    async point(upstreams) {
      await checkUpstreams(site, upstreams, askThroughCaddy, ctx.signal);
      const before = await written();
      if (!sameUpstreams(before.upstreams, upstreams)) await turn({ upstreams, holding: before.holding });
      return { edge: "caddy", upstreams: upstreams.map(addressOf), held: before.holding };
    },
    ask: askThroughCaddy,
    drain: (upstreams) => drainCounted(site, upstreams, (address) => server.admin.underWay(address), ctx.signal),
    // Alone: a configuration that another application loads would end the waiting that begins here.
    hold: () =>
      server.alone(async () => {
        const before = await written();
        if (before.upstreams !== null && !before.holding) await turn({ ...before, holding: true });
        return { edge: "caddy", held: before.upstreams !== null };
      }),
    async resume() {
      const before = await written();
      if (before.holding) await turn({ ...before, holding: false });
      return { edge: "caddy", held: false };
    },
    async current() {
      const read = await asRead();
      const { upstreams, holding } = read === null ? await written() : (JSON.parse(read) as Pointer);
      return { upstreams, holding, settled: true };
    },
    remove: () =>
      server.alone(async () => {
        const left = (await readSites(folder)).filter((other) => other.app !== app);
        if (left.length > 0) {
          await server.bring(left);
        } else {
          await server.stop();
          await forgetPorts(folder.path);
        }
        await removeSite(folder, app);
      }),
  };
}
