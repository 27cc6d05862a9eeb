import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AplomoError, UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { ComposeSettings, Settings } from "../../config/schema.ts";
import { composeEnvironment, findCompose, type ComposeProgram, type ComposeProject } from "../../host/compose.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { lastLines, type Command, type Result } from "../../host/run.ts";
import { runRecorded, settle } from "../../host/recorded-run.ts";
import { maskEnvironment } from "../release-env.ts";

/** One application under compose on this machine: what every part of the driver is given. */
export interface ComposeApp {
  ctx: Context;
  name: string;
  project: string;
  settings: Settings;
  config: Config;
  /** The compose that is here; looked for once. */
  program(): Promise<ComposeProgram>;
  /** Finds something out once and remembers it: under one deployment files, images and engine are taken to be what the plan saw. */
  once<T>(what: string, find: () => Promise<T>): Promise<T>;
  /** Ids of the containers that were there when they were last listed. */
  expected: string[];
  /** From here on everything is looked at anew. */
  forget(): void;
}

export function composeApp(ctx: Context, config: Config): ComposeApp {
  const { app, target } = config.settings;
  if (target.kind !== "compose") throw new UsageError({ operation: "use", subject: `target ${target.kind}`, cause: "it is not compose" });
  let known = new Map<string, Promise<unknown>>();
  const once = <T>(what: string, find: () => Promise<T>): Promise<T> => {
    const found = (known.get(what) as Promise<T> | undefined) ?? find();
    known.set(what, found);
    // What failed is tried again by who asks next.
    found.catch(() => known.delete(what));
    return found;
  };
  return {
    ctx,
    name: app,
    project: target.project ?? app,
    settings: config.settings,
    config,
    expected: [],
    once,
    forget: () => void (known = new Map()),
    program: () => once("compose", () => findCompose(ctx.host, process.env["APLOMO_COMPOSE"])),
  };
}

/** The names compose looks for, in its order; an override beside the first one found belongs to it. */
const usual = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/** Tells a unit which release it belongs to. */
export const releaseVariable = "APLOMO_RELEASE";

/** What the files see as that variable while no release is meant: a word that stands in nobody's files by chance. */
export const noRelease = "aplomo-release-to-be";

/** The application's environment as text. */
export function configured(app: ComposeApp): Record<string, string> {
  return Object.fromEntries([...app.config.environment].map(([name, variable]) => [name, variable.value.reveal()]));
}

/** The user's compose files, absolute. */
export function composeFiles(config: Config): string[] {
  const target = config.settings.target as ComposeSettings;
  const inFolder = (name: string): string => resolve(config.directory, name);
  if (target.files) {
    const absent = target.files.find((name) => !existsSync(inFolder(name)));
    if (absent) throw noFile(absent, "Correct target.files in aplomo.yml.");
    return target.files.map(inFolder);
  }
  const first = usual.map(inFolder).find(existsSync);
  if (!first) throw noFile("compose.yml", `Write one in ${config.directory}, or name the files in target.files.`);
  const override = first.replace(/\.(ya?ml)$/, ".override.$1");
  return existsSync(override) ? [first, override] : [first];
}

function noFile(name: string, hint: string): UsageError {
  return new UsageError({ operation: "read", subject: name, cause: "there is no such file", hint });
}

/** The project as the user's present files and environment have it. */
export async function presentProject(app: ComposeApp, release = noRelease): Promise<ComposeProject> {
  const files = composeFiles(app.config);
  const variables = { ...configured(app), [releaseVariable]: release };
  return {
    program: await app.program(),
    name: app.project,
    files,
    // Aplomo has read the env file: its values are given as they are, and compose must not read them its own way.
    envFile: app.settings.env.file === undefined ? undefined : await emptyFile(app),
    env: { ...composeEnvironment(process.env), ...variables },
    cwd: dirname(files[0] ?? app.config.directory),
  };
}

/** Without `--env-file` compose would read whatever `.env` lies about. The old one takes no /dev/null. */
async function emptyFile(app: ComposeApp): Promise<string> {
  const path = join(app.ctx.home, "empty.env");
  await makePrivateFolder(app.ctx.home);
  if (!existsSync(path)) await writeFile(path, "", { mode: 0o600 });
  return path;
}

/** The project as a release's own file has it; nothing else is read. */
export async function frozenProject(app: ComposeApp, file: string): Promise<ComposeProject> {
  return { program: await app.program(), name: app.project, files: [file], env: composeEnvironment(process.env), cwd: dirname(file) };
}

/** What a docker or compose command is for, as its failure tells it. */
export interface Purpose {
  operation: string;
  subject: string;
  hint?: string;
  /** Must not be shown. */
  values?: Record<string, string>;
  signal?: AbortSignal;
}

/** Runs a docker or compose command, to its end unless a signal is given: going back happens after an interruption, too. A failure is told with what the program said, without progress lines and without `values`. */
export async function run(app: ComposeApp, command: Command, what: Purpose): Promise<Result> {
  const result = await app.ctx.host.attempt(command, what.signal);
  if (result.code === 0) return result;
  throw failure(withoutProgress(result.stderr).trim() || result.stdout.trim() || `exit code ${result.code}`, what);
}

/** No call that changes containers takes longer, in milliseconds: starting a stack on a slow disk does not. */
const longest = 600_000;

const call = (app: ComposeApp): { folder: string; id: string } => ({ folder: join(app.ctx.home, "compose", app.project), id: "call" });

/** As `run`, for what changes containers: it stands on disk while it runs, so that whoever comes after a killed Aplomo waits for it. */
export async function change(app: ComposeApp, command: Command, what: Purpose): Promise<void> {
  const { code, timedOut, output } = await runRecorded(app.ctx.host, { ...call(app), command, limit: longest });
  if (timedOut) throw failure(`it did not end within ${longest / 1_000} s`, what);
  if (code !== 0) throw failure(withoutProgress(output).trim() || `exit code ${code}`, what);
}

/** Waits for a call that a killed Aplomo left running: looking or acting beside it would be a guess. */
export async function settleCalls(app: ComposeApp): Promise<void> {
  await settle(app.ctx.host, call(app), "wait", longest);
}

function failure(words: string, what: Purpose): AplomoError {
  const said = lastLines(words, 5);
  const hint = what.hint ?? engineHint(said);
  return new AplomoError({
    operation: what.operation,
    subject: what.subject,
    cause: maskEnvironment(said, what.values ?? {}),
    ...(hint === undefined ? {} : { hint }),
  });
}

function withoutProgress(text: string): string {
  const progress = /^\s*(Container|Network|Volume|Image) \S+ +[A-Z][a-z]+\s*$|^(Creating|Recreating|Starting) \S+ \.\.\. *(done)?\s*$/;
  return text
    .split("\n")
    .filter((line) => !progress.test(line))
    .join("\n");
}

export function engineHint(said: string): string | undefined {
  if (/Cannot connect to the Docker daemon|connection refused/i.test(said)) return "Start the engine: systemctl start docker.";
  if (/permission denied.*docker.*sock/i.test(said)) return "Add this user to the group docker, or run Aplomo as root.";
  return undefined;
}
