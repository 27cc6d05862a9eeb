import { randomBytes } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { request as plain } from "node:http";
import { request as encrypted } from "node:https";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { readIfPresent, writeFileSafely } from "../../host/files.ts";
import { get } from "../../host/http.ts";
import type { Edge, EdgeFacts, Site, Upstream } from "../contract.ts";
import { drainBlind } from "../drain.ts";
import { usable } from "../usable.ts";
import { addressOf, askDirectly, checkUpstreams, parseAddress } from "../upstreams.ts";
import { dynamicFile, markerPath, type TraefikOptions } from "./dynamic.ts";

/** The Traefik that stands on the server already (also that of EasyPanel, Coolify and Dokploy): Aplomo writes one file into the folder it watches. */
export function openTraefik(ctx: Context, site: Site, options: TraefikOptions): Edge {
  const file = join(options.directory, `aplomo-${site.app}.yml`);

  /** What Traefik answers for this application's mark: proof of which file it routes by. */
  function markSeen(): Promise<string | null> {
    const url = new URL(`${markerPath}${site.app}`, options.url);
    return new Promise((resolve) => {
      const asked = (url.protocol === "https:" ? encrypted : plain)(
        url,
        // It is this machine's own Traefik, asked by its address: its certificate names the site.
        {
          agent: false,
          headers: { host: site.hosts[0] ?? url.host },
          servername: site.hosts[0] ?? "",
          rejectUnauthorized: false,
          signal: AbortSignal.timeout(3_000),
        },
        (answer) => {
          answer.resume();
          resolve(/\/([0-9a-f]{16})$/.exec(answer.headers.location ?? "")?.[1] ?? null);
        },
      );
      asked.on("error", () => resolve(null));
      asked.end();
    });
  }

  async function present(): Promise<{ upstreams: Upstream[]; mark: string } | null> {
    const text = await readIfPresent(file);
    if (text === undefined) return null;
    const servers = [...text.matchAll(/"url": "http:\/\/([^"]+)"/g)].map((match) => parseAddress(String(match[1])));
    return { upstreams: servers, mark: /\/([0-9a-f]{16})"/.exec(text)?.[1] ?? "" };
  }

  async function inspect(): Promise<EdgeFacts> {
    const refusals: EdgeFacts["refusals"] = [];
    if (!(await stat(options.directory).catch(() => null))?.isDirectory()) {
      refusals.push({
        message: `${options.directory} is not a folder`,
        hint: "Name the folder of Traefik's file provider as `edge.directory`.",
      });
    }
    // A certificate for another name is an answer too.
    const { status, problem } = await get(options.url, 3_000);
    const running = status !== null || problem !== "ECONNREFUSED";
    if (!running)
      refusals.push({ message: `nothing answers at ${options.url}`, hint: "Start Traefik, or name its entry point as `edge.url`." });
    return { version: running ? "traefik" : null, running, refusals };
  }

  return {
    kind: "traefik",
    // Its routes change at once and no connection is closed; but it tells nobody how many requests are under way, and cannot make them wait.
    capabilities: {
      switches: true,
      holds: null,
      drains: "blind",
      keepsConnections: true,
      joinsQuietly: true,
      keepsWebSockets: true,
      checks: "driver",
      https: "own",
    },
    inspect,
    async ensure() {
      return { edge: usable("Traefik", await inspect()) };
    },
    async point(upstreams) {
      await checkUpstreams(site, upstreams, askDirectly, ctx.signal);
      // A mark of its own for each call: Traefik reads changes late but in order, so when it answers with this one, no earlier file is still to come.
      const mark = randomBytes(8).toString("hex");
      await writeFileSafely(file, `${JSON.stringify(dynamicFile(site, upstreams, options, mark), null, 2)}\n`, 0o644);
      const seen = await poll(async () => ((await markSeen()) === mark ? true : undefined), {
        limit: 15_000,
        every: 50,
        signal: ctx.signal,
      });
      if (!seen) {
        throw new AplomoError({
          operation: `point ${site.app} to`,
          subject: upstreams.map(addressOf).join(", "),
          cause: `Traefik does not route by ${file} after 15 s`,
          hint: "Its file provider must watch that folder (`providers.file.directory`, `watch: true`), and `edge.entrypoints` must be its own names.",
        });
      }
      return { edge: "traefik", upstreams: upstreams.map(addressOf), mark };
    },
    drain: () => drainBlind(site, ctx.signal),
    hold: async () => ({}),
    resume: async () => ({}),
    async current() {
      const known = await present();
      return { upstreams: known?.upstreams ?? null, holding: false, settled: known === null || (await markSeen()) === known.mark };
    },
    remove: () => rm(file, { force: true }),
  };
}
