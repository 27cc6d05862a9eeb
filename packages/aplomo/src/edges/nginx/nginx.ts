import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import { lastLines, type Command } from "../../host/run.ts";
import type { Edge, EdgeFacts, Site, Upstream } from "../contract.ts";
import { usable } from "../usable.ts";
import { addressOf, askDirectly, checkUpstreams, parseAddress } from "../upstreams.ts";
import { parseUpstreamFile, upstreamFile } from "./upstream-file.ts";
import { workersOf } from "./workers.ts";

export interface NginxOptions {
  /** Absolute: the file that nginx includes. */
  file: string;
  /** The upstream's name in it. */
  upstream: string;
  program: string;
  /** Its main file, when it is not where nginx was built to look. */
  config?: string | undefined;
}

/** The nginx that stands on the server already: Aplomo writes one file that it includes, tests it and has it read again. */
export function openNginx(ctx: Context, site: Site, options: NginxOptions): Edge {
  const { file, upstream } = options;
  const known = join(ctx.home, "edge", "nginx", `${site.app}.reloaded`);

  const nginx = (...args: string[]): Command => ({
    argv: [options.program, ...(options.config === undefined ? [] : ["-c", options.config]), ...args],
    timeout: 30_000,
  });

  async function master(): Promise<number> {
    const dump = await ctx.host.attempt(nginx("-T"));
    const path = /^\s*pid\s+([^;\s]+)\s*;/m.exec(dump.stdout)?.[1] ?? "/run/nginx.pid";
    const pid = Number((await readIfPresent(path))?.trim());
    if (pid > 0) return pid;
    throw new AplomoError({
      operation: "find",
      subject: "nginx",
      cause: `${path} names no process`,
      hint: "Start nginx, then call again.",
    });
  }

  /** nginx refuses a broken configuration and goes on with the one it has; so does the file. */
  async function put(content: string): Promise<void> {
    const before = await readIfPresent(file);
    await writeFileSafely(file, content, 0o644);
    const tested = await ctx.host.attempt(nginx("-t"));
    if (tested.code === 0) return;
    if (before === undefined) await rm(file, { force: true });
    else await writeFileSafely(file, before, 0o644);
    throw new AplomoError({
      operation: "use",
      subject: file,
      cause: lastLines(tested.stderr.trim(), 3),
      hint: "Run `nginx -t`, mend what it names, then call again.",
    });
  }

  /** Returns when no worker that has the earlier file takes connections any more. */
  async function reload(content: string): Promise<void> {
    const main = await master();
    const old = new Set((await workersOf(ctx, main)).map(({ pid }) => pid));
    await ctx.host.run(nginx("-s", "reload"));
    const done = await poll(
      async () => {
        const workers = await workersOf(ctx, main);
        const fresh = workers.some(({ pid, leaving }) => !leaving && !old.has(pid));
        return fresh && workers.every(({ pid, leaving }) => leaving || !old.has(pid)) ? true : undefined;
      },
      { limit: 15_000, every: 50, signal: ctx.signal },
    );
    if (!done)
      throw new AplomoError({
        operation: "reload",
        subject: "nginx",
        cause: "its workers are the same as before",
        hint: "See its error log.",
      });
    await makePrivateFolder(join(ctx.home, "edge", "nginx"));
    await writeFileSafely(known, content);
  }

  async function inspect(): Promise<EdgeFacts> {
    const refusals: EdgeFacts["refusals"] = [];
    const version = /nginx\/(\S+)/.exec((await ctx.host.attempt(nginx("-v"))).stderr)?.[1];
    if (version === undefined)
      return {
        version: null,
        running: false,
        refusals: [{ message: `nginx does not run: ${options.program}`, hint: "Install it: apt-get install nginx." }],
      };
    const tested = await ctx.host.attempt(nginx("-T"));
    if (tested.code !== 0)
      refusals.push({
        message: `nginx's own configuration is refused: ${lastLines(tested.stderr.trim(), 2)}`,
        hint: "Run `nginx -t` as the same user and mend what it names.",
      });
    else if ((await readIfPresent(file)) !== undefined && !tested.stdout.includes(`upstream ${upstream} {`)) {
      refusals.push({ message: `nginx does not include ${file}`, hint: `Add to its http block: include ${file};` });
    }
    const running = await master().then(
      () => true,
      () => false,
    );
    if (!running) refusals.push({ message: "nginx does not run", hint: "Start it: systemctl start nginx." });
    return { version: `nginx ${version}`, running, refusals };
  }

  const text = (upstreams: readonly Upstream[]): string => upstreamFile(upstream, upstreams);

  return {
    kind: "nginx",
    // A reload closes connections that are idle, and the file cannot make requests wait.
    capabilities: {
      switches: true,
      holds: null,
      drains: "counted",
      keepsConnections: false,
      joinsQuietly: true,
      keepsWebSockets: true,
      checks: "driver",
      https: "own",
    },
    inspect,
    async ensure() {
      return { edge: usable("nginx", await inspect()) };
    },
    async point(upstreams) {
      await checkUpstreams(site, upstreams, askDirectly, ctx.signal);
      const content = text(upstreams);
      if ((await readIfPresent(known)) !== content || (await readIfPresent(file)) !== content) {
        // From here until the workers are new nobody knows what nginx routes by.
        await rm(known, { force: true });
        await put(content);
        await reload(content);
      }
      return { edge: "nginx", upstreams: upstreams.map(addressOf) };
    },
    /** Workers that have the earlier file end with their last request: any application's, so others' long requests are waited for as well. */
    async drain() {
      const begun = performance.now();
      const main = await master();
      let left = 0;
      const clean = await poll(
        async () => {
          left = (await workersOf(ctx, main)).filter(({ leaving }) => leaving).length;
          return left === 0 ? true : undefined;
        },
        { limit: site.drain, every: 100, signal: ctx.signal },
      );
      return { clean: clean === true, left: clean ? 0 : null, ms: Math.round(performance.now() - begun) };
    },
    hold: async () => ({}),
    resume: async () => ({}),
    async current() {
      const content = await readIfPresent(file);
      return {
        upstreams: parseUpstreamFile(content)?.map(parseAddress) ?? null,
        holding: false,
        settled: content === undefined || content === (await readIfPresent(known)),
      };
    },
    async remove() {
      // The file stays: nginx includes it, and would not start without.
      await rm(known, { force: true });
    },
  };
}
