import { access } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isAlias, isScalar, type Node } from "yaml";
import { Secret } from "../base/secret.ts";
import { bring, type Attempt, type Brought } from "./brought.ts";
import type { Config, Example, Variable } from "./config.ts";
import { parse, type Source } from "./document.ts";
import { parseEnvFile, type EnvFile } from "./env-file.ts";
import { ConfigError, type Fault, type Path, type Problem } from "./problem.ts";
import { checkRelations } from "./relations.ts";
import type { Settings } from "./schema.ts";
import { substitute } from "./substitute.ts";
import { placeOf, tell } from "./tell.ts";
import { readText, type Unreadable } from "./text.ts";
import { buildTree, type Tree, type Variables } from "./tree.ts";
import { validate } from "./validate.ts";

export interface LoadOptions {
  /** Runs the commands of `env.from`; left out: they bring nothing. */
  attempt?: Attempt;
  /** Which variables of `env.from` are brought: those that aplomo.yml itself names, or all, for a release that is to be made of them. */
  values?: "named" | "all";
  /** Read instead of `env.file`: one that is not there yet. */
  envFile?: { name: string; text: string };
}

/**
 * Reads aplomo.yml and its env file, and throws one `ConfigError` with everything that is wrong in both.
 *
 * A variable in aplomo.yml comes from the env file and, when that does not set it, from `shell`. The file goes first, unlike in
 * docker compose, because it is what the app gets: a variable left over in somebody's shell must never decide which database
 * is backed up and migrated. The path of the env file itself takes variables from `shell` alone.
 */
export async function loadConfig(file: string, shell: NodeJS.ProcessEnv, options: LoadOptions = {}): Promise<Config> {
  const path = resolve(file);
  const directory = dirname(path);
  const { source, text } = await readSource(path);
  const envPath = envFilePath(source, shell);
  const env = options.envFile ? givenEnv(options.envFile) : envPath === undefined ? undefined : await readEnv(resolve(directory, envPath));
  const wanted = (name: string): boolean => options.values === "all" || text.includes(`\${${name}`);
  const brought = options.attempt ? await bring(source, directory, shell, options.attempt, wanted) : new Map<string, Brought>();

  const tree = buildTree(source, variablesFrom(env, envPath, brought, shell));
  if (env?.unreadable !== undefined)
    tell(tree, ["env", "file"], `is ${JSON.stringify(envPath)}, and ${env.unreadable.message}`, env.unreadable.hint);
  const settings = validate(tree);
  checkRelations(tree);
  tellBrought(tree, brought, env, envPath);
  const example = settings && (await readExample(tree, directory, settings));

  const problems = [...named(path, tree.faults), ...(env ? named(env.path, env.faults) : [])];
  if (problems.length > 0 || settings === undefined) throw new ConfigError(problems);
  const names = { env: options.envFile?.name ?? settings.env.file ?? "", own: basename(path) };
  const environment = environmentOf(settings, env, brought, shell, names);
  return {
    file: path,
    directory,
    settings,
    environment,
    contract: contractOf(tree, settings, basename(path)),
    ...(example ? { example } : {}),
  };
}

async function readSource(path: string): Promise<{ source: Source; text: string }> {
  const read = await readText(path);
  if ("message" in read) {
    const hint = read.kind === "missing" ? await hintForMissing(path) : read.hint;
    throw failed(path, [fileFault(read, hint)]);
  }
  const source = parse(read.text);
  if (source.faults.length > 0) throw failed(path, source.faults);
  const { contents } = source.document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    const hint = "Run `aplomo init`, which writes one, or begin with `app:` and `target:`";
    throw failed(path, [{ line: 1, column: 1, path: "", value: null, message: "the file is empty", hint }]);
  }
  return { source, text: read.text };
}

async function hintForMissing(path: string): Promise<string> {
  const other = join(dirname(path), "aplomo.yaml");
  const found =
    other !== path &&
    (await access(other).then(
      () => true,
      () => false,
    ));
  return found ? "Rename aplomo.yaml to aplomo.yml" : "Run `aplomo init` to write one, or name another file with --config";
}

/** `env.file` as it will be read, before the rest of the document is. */
function envFilePath(source: Source, shell: NodeJS.ProcessEnv): string | undefined {
  const node = source.document.getIn(["env", "file"], true) as Node | undefined;
  const scalar = isAlias(node) ? node.resolve(source.document) : node;
  if (!isScalar(scalar) || typeof scalar.value !== "string") return undefined;
  const done = substitute(scalar.value, (name) => shell[name]);
  return done.faults.length > 0 ? undefined : done.text;
}

interface Env extends EnvFile {
  path: string;
  /** Why the file could not be read at all. */
  unreadable?: { message: string; hint: string };
}

async function readEnv(path: string): Promise<Env> {
  const read = await readText(path);
  if ("text" in read) return { path, ...parseEnvFile(read.text) };
  const nothing = { path, variables: new Map(), faults: [] };
  if (read.kind === "binary") return { ...nothing, faults: [fileFault(read, read.hint)] };
  return { ...nothing, unreadable: read };
}

function givenEnv({ name, text }: { name: string; text: string }): Env {
  return { path: resolve(name), ...parseEnvFile(text) };
}

function variablesFrom(
  env: Env | undefined,
  envPath: string | undefined,
  brought: ReadonlyMap<string, Brought>,
  shell: NodeJS.ProcessEnv,
): Variables {
  return {
    lookup: (name) => env?.variables.get(name)?.value.reveal() ?? valueOf(brought.get(name))?.reveal() ?? shell[name],
    where:
      envPath === undefined
        ? "the shell that runs Aplomo, or in a file that env.file names"
        : `${envPath} or in the shell that runs Aplomo`,
    complete: env === undefined || (env.unreadable === undefined && env.faults.length === 0),
  };
}

function valueOf(one: Brought | undefined): Secret | undefined {
  return one && "value" in one ? one.value : undefined;
}

function tellBrought(tree: Tree, brought: ReadonlyMap<string, Brought>, env: Env | undefined, envPath: string | undefined): void {
  for (const [name, one] of brought) {
    const path = ["env", "from", name];
    const twice = env?.variables.get(name);
    if ("message" in one) tell(tree, path, one.message, one.hint, "key");
    else if (twice) tell(tree, path, `is set in ${envPath}, line ${twice.line}, too`, "Remove one of the two", "key");
  }
}

/** Where each variable that is wanted, or must not be there, is named. */
function contractOf(tree: Tree, { env }: Settings, file: string): ReadonlyMap<string, string> {
  const place = (path: Path): string => `${file}:${placeOf(tree, path).key.line}`;
  const forbidden = env.forbid.map((name, index) => [name, place(["env", "forbid", index])] as const);
  return new Map([...forbidden, ...Object.keys(env.require).map((name) => [name, place(["env", "require", name])] as const)]);
}

/** Only what is named must be there; what is beside by habit is read when it can be. */
async function readExample(tree: Tree, directory: string, { env }: Settings): Promise<Example | undefined> {
  const file = env.example ?? (env.file === undefined ? undefined : `${env.file}.example`);
  if (file === undefined) return undefined;
  const read = await readText(resolve(directory, file));
  if ("text" in read) return { file, values: new Map([...parseEnvFile(read.text).variables].map(([name, { value }]) => [name, value])) };
  if (env.example !== undefined) tell(tree, ["env", "example"], `is ${JSON.stringify(file)}, and ${read.message}`, read.hint);
  return undefined;
}

function environmentOf(
  settings: Settings,
  env: Env | undefined,
  brought: ReadonlyMap<string, Brought>,
  shell: NodeJS.ProcessEnv,
  names: { env: string; own: string },
): ReadonlyMap<string, Variable> {
  const environment = new Map<string, Variable>();
  for (const [name, { value, line }] of env?.variables ?? []) environment.set(name, { value, origin: `${names.env}:${line}` });
  for (const [name, one] of brought) {
    const value = valueOf(one);
    if (value) environment.set(name, { value, origin: `${names.own}:${one.line}` });
  }
  for (const name of Object.keys(settings.env.require)) {
    const value = shell[name];
    if (value !== undefined && !environment.has(name)) environment.set(name, { value: new Secret(value), origin: "environment" });
  }
  return environment;
}

function fileFault({ line, column, message }: Unreadable, hint: string): Fault {
  return { line, column, path: "", value: null, message, hint };
}

function failed(path: string, faults: Fault[]): ConfigError {
  return new ConfigError(named(path, faults));
}

/** Faults with their file's name as seen from the present folder, in the order of the file. */
function named(path: string, faults: readonly Fault[]): Problem[] {
  const file = relative(process.cwd(), path) || basename(path);
  return faults.map((fault) => ({ file, ...fault })).sort((a, b) => a.line - b.line || a.column - b.column);
}
