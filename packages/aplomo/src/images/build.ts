import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { AplomoError, UsageError } from "../base/errors.ts";
import { stamp } from "../base/time.ts";
import type { Config } from "../config/config.ts";
import type { ImageSettings } from "../config/schema.ts";
import type { Context } from "../host/context.ts";
import { bakeImage, buildImage, buildxVersion, engineVersion, inspectImages } from "../host/docker.ts";
import { lastLines } from "../host/run.ts";
import { push } from "./push.ts";
import { keyOf, labelsOf, tagOf, type Origin } from "./recipe.ts";
import { readBuilt, writeBuilt, type Built } from "./record.ts";
import { findInRegistry, verifyInRegistry } from "./registry.ts";

export interface BuildOptions {
  /** The app's own folder, where what was built is remembered. */
  root: string;
  /** Which services; empty: all of `images`. */
  services: readonly string[];
  /** Also what has not changed. */
  force: boolean;
  origin: Origin;
}

export type Outcome = Built & { skipped: boolean };

/** An engine builds a few at once well; its cache serves all of them. */
const atOnce = 3;

/** Builds, pushes and verifies the images of these services; those whose source is as it was, and which the registry still has, are left. */
export async function buildImages(ctx: Context, config: Config, options: BuildOptions): Promise<Outcome[]> {
  const names = chosen(config, options.services);
  const engine = await engineOf(ctx);
  const before = await readBuilt(options.root);
  const outcomes: Outcome[] = [];
  const waiting = [...names];
  // Several services end at once; the record is read and written by one at a time.
  let writing = Promise.resolve();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const settings = config.settings.images[name];
      if (!settings) continue;
      const one = { ctx, config, options, engine, service: name, settings };
      const outcome = (await unchanged(one, before[name])) ?? (await make(one));
      // What is done stays done when another service fails.
      const { skipped, ...built } = outcome;
      if (!skipped) await (writing = writing.then(() => writeBuilt(options.root, [built])));
      outcomes.push(outcome);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, names.length) }, work));
  const failed = ended.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return outcomes.toSorted((a, b) => names.indexOf(a.service) - names.indexOf(b.service));
}

/** Pushed, and proven to be in the registry. */
async function pushed(ctx: Context, service: string, name: string, platform: string): Promise<string> {
  const reference = `${name.slice(0, name.lastIndexOf(":"))}@${await push(ctx, service, name)}`;
  await verifyInRegistry(reference, platform);
  return reference;
}

async function idOf(ctx: Context, name: string): Promise<string> {
  const [image] = JSON.parse((await ctx.host.run(inspectImages([name]))).stdout) as { Id: string }[];
  return image?.Id ?? "";
}

interface One {
  ctx: Context;
  config: Config;
  options: BuildOptions;
  engine: Engine;
  service: string;
  settings: ImageSettings;
}

interface Engine {
  platform: string;
  /** Without the plug-in the client cannot ask the engine's newer builder. */
  buildkit: boolean;
}

function chosen(config: Config, services: readonly string[]): string[] {
  const known = Object.keys(config.settings.images);
  if (known.length === 0)
    throw new UsageError({
      operation: "build",
      subject: config.settings.app,
      cause: "aplomo.yml names no images",
      hint: "Add `images:`; see docs/IMAGES.md.",
    });
  const unknown = services.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError({
      operation: "build",
      subject: unknown,
      cause: "aplomo.yml has no such image",
      hint: `The images: ${known.join(", ")}.`,
    });
  return services.length > 0 ? [...services] : known;
}

async function engineOf(ctx: Context): Promise<Engine> {
  const { Os, Arch } = JSON.parse((await ctx.host.run(engineVersion())).stdout) as { Os: string; Arch: string };
  return { platform: `${Os}/${Arch}`, buildkit: (await ctx.host.attempt(buildxVersion())).code === 0 };
}

/** What says how it is built, in its folder. */
const recipeOf = ({ settings }: One): string => settings.bake ?? settings.dockerfile;
const contextOf = ({ config, settings }: One): string => resolve(config.directory, settings.build);
const platformOf = ({ settings, engine }: One): string => settings.platform ?? engine.platform;

/** git's hash of all that goes in; null when something of it is not committed. */
async function keyFor(one: One): Promise<string | null> {
  const { ctx, settings, options } = one;
  if (options.origin.commit === null) return null;
  const context = contextOf(one);
  const git = async (...args: string[]): Promise<string | null> => {
    const { code, stdout } = await ctx.host.attempt({
      argv: ["git", "-C", context, ...args],
      env: { GIT_OPTIONAL_LOCKS: "0" },
      timeout: 30_000,
    });
    return code === 0 ? stdout.trim() : null;
  };
  const dirty = await git("status", "--porcelain", "--", ".", recipeOf(one));
  const trees = [await git("rev-parse", "HEAD:./"), await git("rev-parse", `HEAD:./${recipeOf(one)}`)];
  if (dirty !== "" || trees.includes(null)) return null;
  return keyOf(settings, trees as string[]);
}

async function unchanged(one: One, before: Built | undefined): Promise<Outcome | undefined> {
  const { ctx, options, settings } = one;
  if (options.force || before?.key === null || before === undefined || (await keyFor(one)) !== before.key) return undefined;
  const prefix = settings.repository === undefined ? "sha256:" : `${settings.repository}@`;
  if (!before.reference.startsWith(prefix) || before.platform !== platformOf(one)) return undefined;
  const there =
    settings.repository === undefined
      ? (await ctx.host.attempt(inspectImages([before.reference]))).code === 0
      : (await findInRegistry(before.reference)) !== undefined;
  return there ? { ...before, skipped: true } : undefined;
}

async function make(one: One): Promise<Outcome> {
  const { ctx, config, service, settings, options, engine } = one;
  const context = contextOf(one);
  if (!existsSync(context)) {
    const cause = `there is no folder ${settings.build}`;
    throw new UsageError({ operation: "build", subject: service, cause, hint: `Correct images.${service}.build in aplomo.yml.` });
  }
  if (settings.bake !== undefined && !engine.buildkit) {
    const cause = "a bake file is read by the buildx plug-in of the docker client, and there is none here";
    throw new UsageError({ operation: "build", subject: service, cause, hint: "Install docker-buildx-plugin, or leave bake out." });
  }
  const tag = tagOf(options.origin, stamp(ctx.now()));
  const name = `${settings.repository ?? `aplomo.built/${config.settings.app}/${service}`}:${tag}`;
  const key = await keyFor(one);
  ctx.emit({ type: "progress", subject: service, message: `building ${name}` });
  const { target, platform: wanted } = settings;
  const common = { context, tag: name, labels: labelsOf(options.origin), args: Object.keys(settings.args), platform: wanted };
  const file = resolve(context, recipeOf(one));
  const command =
    settings.bake === undefined
      ? buildImage({ ...common, dockerfile: file, target })
      : bakeImage({ ...common, file, target: target ?? service });
  const env = { ...settings.args, ...(engine.buildkit ? {} : { DOCKER_BUILDKIT: "0" }) };
  const built = await ctx.host.attempt({ ...command, env }, ctx.signal);
  if (built.code !== 0) {
    const hint = `Try it yourself: ${settings.bake === undefined ? `docker build ${settings.build}` : `docker buildx bake ${target ?? service}`}.`;
    throw new AplomoError({ operation: "build", subject: service, cause: lastLines(`${built.stdout}\n${built.stderr}`.trim(), 12), hint });
  }
  const platform = platformOf(one);
  const reference = settings.repository === undefined ? await idOf(ctx, name) : await pushed(ctx, service, name, platform);
  return { service, reference, tag, platform, ...options.origin, key, builtAt: ctx.now().toISOString(), skipped: false };
}
