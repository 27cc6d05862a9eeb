import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import { lastLines } from "../../host/run.ts";
import type { Edge, EdgeFacts, Site } from "../contract.ts";
import { agreeOnPorts, forgetPorts, portRefusals, type Ports } from "../ports.ts";
import { openRunner, type RunBy } from "../run/runner.ts";
import { addressOf, askDirectly, checkUpstreams, parseAddress, sameUpstreams } from "../upstreams.ts";
import { deployArgs, parseList, pauseArgs, type Listed } from "./commands.ts";

// The driver has asked the units before, so this is short: a `deploy` whose caller died goes on inside the proxy for that long.
const deployLimit = 5_000;

/** A kamal-proxy that Aplomo runs, one for all applications of the server. It drains within `deploy` and `pause`, and cuts WebSockets there. */
export function openKamalProxy(ctx: Context, site: Site, options: { run: RunBy; ports: Ports }): Edge {
  const { run, ports } = options;
  const folder = join(ctx.home, "edge", "kamal-proxy");
  const begun = join(folder, `${site.app}.begun`);
  const env = { HOME: folder, XDG_RUNTIME_DIR: folder };
  const args = ["run", "--http-port", String(ports.http), "--https-port", String(ports.https)];
  const runner = openRunner(ctx, { name: "aplomo-edge-kamal-proxy", folder, args, env, ports: [ports.http, ports.https] }, run);

  async function tell(words: readonly string[], timeout: number): Promise<string> {
    const result = await ctx.host.attempt({ ...runner.command(words), timeout });
    if (result.code === 0) return stripVTControlCharacters(result.stdout);
    throw new AplomoError({
      operation: `${words[0]}`,
      subject: `${site.app} with kamal-proxy`,
      cause: result.timedOut ? "it did not end in time" : lastLines(result.stderr.trim() || result.stdout.trim(), 3),
      hint: "What was in front stays in front.",
    });
  }

  async function listed(): Promise<Listed | undefined> {
    return parseList(await tell(["list"], 10_000)).find(({ service }) => service === site.app);
  }

  async function answers(): Promise<true | undefined> {
    return (await ctx.host.attempt({ ...runner.command(["list"]), timeout: 5_000 })).code === 0 ? true : undefined;
  }

  /** A `deploy` that was begun by an Aplomo that died comes true or fails within its own limit: nothing may be decided before. */
  async function settle(): Promise<void> {
    const until = Number(await readIfPresent(begun));
    if (!(until > 0)) return;
    await poll(async () => (Date.now() >= until ? true : undefined), { limit: deployLimit + 1_000, signal: ctx.signal });
    await rm(begun, { force: true });
  }

  /**
   * One that was started again while it held dies of `resume` (0.9.2: it closes a channel that the restart did not make), again and again.
   * Forgetting the application and deploying it anew is the only way out.
   */
  async function revive(error: unknown): Promise<void> {
    const back = await poll(
      async () => {
        if (!(await runner.running())) await runner.start();
        return answers();
      },
      { limit: 15_000, signal: ctx.signal },
    );
    const now = back ? await listed() : undefined;
    if (now?.state !== "paused") throw error;
    await tell(["remove", site.app], 10_000);
    await tell(deployArgs(site, now.targets.map(parseAddress), deployLimit), deployLimit + site.drain + 10_000);
  }

  async function inspect(): Promise<EdgeFacts> {
    const running = await runner.running();
    const refusals: EdgeFacts["refusals"] = [];
    if (run.image === undefined && (await ctx.host.attempt({ argv: [run.program, "--help"], timeout: 10_000 })).code !== 0) {
      refusals.push({
        message: `kamal-proxy does not run: ${run.program}`,
        hint: "Name an image: `edge: { image: basecamp/kamal-proxy:v0.9.2 }`.",
      });
    }
    refusals.push(...(await portRefusals(folder, ports, running)));
    if (site.https && site.hosts.length === 0) refusals.push({ message: "HTTPS needs host names", hint: "Set `edge.hosts`." });
    if (site.https && site.path !== "/")
      refusals.push({ message: "kamal-proxy has HTTPS on the path / alone", hint: "Leave `edge.path` out, or use Caddy." });
    // It does not tell its own version.
    return { version: refusals.length > 0 ? null : "kamal-proxy", running, refusals };
  }

  return {
    kind: "kamal-proxy",
    capabilities: {
      switches: true,
      holds: { limitMs: 300_000, survivesRestart: false },
      drains: "point",
      keepsConnections: true,
      joinsQuietly: true,
      keepsWebSockets: false,
      checks: site.health === null ? "driver" : "edge",
      https: "automatic",
    },
    inspect,
    async ensure() {
      await makePrivateFolder(folder);
      await agreeOnPorts(folder, ports);
      const started = !(await runner.running()) && !(await answers());
      if (started) await runner.start();
      if (!(await poll(answers, { limit: 15_000, signal: ctx.signal }))) {
        const said = await runner.said(5);
        await runner.stop();
        const hint = `See who listens on the ports ${ports.http} and ${ports.https}: ss -tlnp.`;
        throw new AplomoError({ operation: "start", subject: "kamal-proxy", cause: said || "it did not answer within 15 s", hint });
      }
      return { edge: "kamal-proxy", started };
    },
    async point(upstreams) {
      await checkUpstreams(site, upstreams, askDirectly, ctx.signal);
      await settle();
      const now = await listed();
      // Deploying what is there already would cut its WebSockets.
      if (
        !now ||
        !sameUpstreams(now.targets.map(parseAddress), upstreams) ||
        now.host !== (site.hosts.join(",") || "*") ||
        now.tls !== site.https
      ) {
        await writeFileSafely(begun, String(Date.now() + deployLimit));
        await tell(deployArgs(site, upstreams, deployLimit), deployLimit + site.drain + 10_000);
        await rm(begun, { force: true });
      }
      return { edge: "kamal-proxy", upstreams: upstreams.map(addressOf), held: now?.state === "paused" };
    },
    // `point` and `hold` have returned when nothing was under way any more.
    drain: async () => ({ clean: null, left: null, ms: 0 }),
    async hold(limit) {
      const now = await listed();
      if (now) await tell(pauseArgs(site, limit), site.drain + 10_000);
      return { edge: "kamal-proxy", held: now !== undefined };
    },
    async resume() {
      if ((await listed())?.state === "paused") await tell(["resume", site.app], 10_000).catch(revive);
      return { edge: "kamal-proxy", held: false };
    },
    async current() {
      const settled = !(Number(await readIfPresent(begun)) > 0);
      const now = await listed();
      return { upstreams: now ? now.targets.map(parseAddress) : null, holding: now?.state === "paused", settled };
    },
    async remove() {
      if (!(await runner.running())) return;
      if (await listed()) await tell(["remove", site.app], 10_000);
      await rm(begun, { force: true });
      if (parseList(await tell(["list"], 10_000)).length > 0) return;
      await runner.stop();
      await forgetPorts(folder);
    },
  };
}
