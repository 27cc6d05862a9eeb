import { realpathSync } from "node:fs";
import { lstat, readlink, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import { composeFiles } from "../targets/compose/app.ts";
import { openSource } from "../targets/pm2/source.ts";
import { walk } from "../targets/tree.ts";
import { composeReferences } from "./compose-references.ts";
import type { SentFile } from "./messages.ts";
import { hashFile } from "./workspace.ts";

/** What goes to the server, and where each content is found here. */
export interface Outgoing {
  files: SentFile[];
  contents: Map<string, { path: string; size: number }>;
}

/** Every file of this machine that a command reads there: aplomo.yml, the env file, what the target is made of. */
export async function collect(ctx: Context, config: Config): Promise<Outgoing> {
  const { settings } = config;
  const compose = settings.target.kind === "compose" ? composeFiles(config) : [];
  const envFile = settings.env.file === undefined ? [] : [resolve(config.directory, settings.env.file)];
  const paths = new Set([config.file, ...envFile, ...compose, ...named(config)]);
  const lookup = (name: string): string | undefined => config.environment.get(name)?.value.reveal() ?? process.env[name];
  for (const { path, writable } of await composeReferences(compose, lookup)) for (const one of await below(path, writable)) paths.add(one);
  for (const path of await sources(ctx, config)) paths.add(path);

  const outgoing: Outgoing = { files: [], contents: new Map() };
  for (const path of [...paths].sort()) {
    const info = await lstat(path).catch(() => undefined);
    if (!info) continue;
    const sent = inside(config, path);
    if (info.isSymbolicLink() && !compose.includes(path)) outgoing.files.push({ path: sent, link: await readlink(path) });
    else {
      const sha256 = await hashFile(path);
      const content = { path, size: (await stat(path)).size };
      // What others may read is decided over there by the folder it lies in; secrets are their owner's alone even so.
      const mode = envFile.includes(path) ? 0o600 : info.mode & 0o777;
      outgoing.files.push({ path: sent, mode, size: content.size, sha256 });
      outgoing.contents.set(sha256, content);
    }
  }
  return outgoing;
}

/** Files that settings name, besides those of the target. */
function named({ settings, directory, example }: Config): string[] {
  const certificate = "certificate" in settings.edge && settings.edge.certificate ? Object.values(settings.edge.certificate) : [];
  const stores = settings.backups.copy_to.flatMap((store) =>
    store.kind === "sftp" ? [store.ssh_config] : store.kind === "s3" ? [store.credentials] : [],
  );
  // Absolute ones are the server's own.
  const texts = [...certificate, ...stores, example?.file].filter(
    (text) => text !== undefined && !text.startsWith("/") && !text.startsWith("~"),
  );
  return texts.map((text) => resolve(directory, text ?? ""));
}

async function below(path: string, writable: boolean): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) return info?.isFile() ? [path] : [];
  if (writable) return [];
  return (await walk(path, () => false)).filter(({ kind }) => kind !== "folder").map((entry) => join(path, entry.path));
}

/** The code, where PM2 runs it; what a release leaves out does not travel either. */
async function sources(ctx: Context, config: Config): Promise<string[]> {
  const { target } = config.settings;
  if (target.kind !== "pm2") return [];
  const { root, leaveOut } = openSource(ctx, config, target, join(homedir(), ".pm2"));
  return (await walk(root, leaveOut)).filter(({ kind }) => kind !== "folder").map(({ path }) => join(root, path));
}

function inside({ directory }: Config, path: string): string {
  // The folder may be reached by another name.
  const found = [directory, realpathSync(directory)].map((root) => relative(root, path)).find((name) => !name.startsWith(".."));
  if (found !== undefined) return found.split(sep).join("/");
  throw new UsageError({
    operation: "send",
    subject: path,
    cause: "it is not below the folder of aplomo.yml, which is what the server has",
    hint: "Move aplomo.yml to the folder that holds both.",
  });
}
