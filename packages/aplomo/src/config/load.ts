import { access } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isAlias, isScalar, type Node } from "yaml";
import { Secret } from "../base/secret.ts";
import type { Config, Variable } from "./config.ts";
import { parse, type Source } from "./document.ts";
import { parseEnvFile, type EnvFile } from "./env-file.ts";
import { ConfigError, type Fault, type Problem } from "./problem.ts";
import { checkRelations } from "./relations.ts";
import type { Settings } from "./schema.ts";
import { substitute } from "./substitute.ts";
import { tell } from "./tell.ts";
import { readText, type Unreadable } from "./text.ts";
import { buildTree, type Variables } from "./tree.ts";
import { validate } from "./validate.ts";

/**
 * Reads aplomo.yml and its env file, and throws one `ConfigError` with everything that is wrong in both.
 *
 * A variable in aplomo.yml comes from the env file and, when that does not set it, from `shell`. The file goes first, unlike in
 * docker compose, because it is what the app gets: a variable left over in somebody's shell must never decide which database
 * is backed up and migrated. The path of the env file itself takes variables from `shell` alone.
 */
export async function loadConfig(file: string, shell: NodeJS.ProcessEnv): Promise<Config> {
  const path = resolve(file);
  const directory = dirname(path);
  const source = await readSource(path);
  const envPath = envFilePath(source, shell);
  const env = envPath === undefined ? undefined : await readEnv(resolve(directory, envPath));

  const tree = buildTree(source, variablesFrom(env, envPath, shell));
  if (env?.unreadable !== undefined)
    tell(tree, ["env", "file"], `is ${JSON.stringify(envPath)}, and ${env.unreadable.message}`, env.unreadable.hint);
  const settings = validate(tree);
  checkRelations(tree);

  const problems = [...named(path, tree.faults), ...(env ? named(env.path, env.faults) : [])];
  if (problems.length > 0 || settings === undefined) throw new ConfigError(problems);
  return { file: path, directory, settings, environment: environmentOf(settings, env, shell) };
}

async function readSource(path: string): Promise<Source> {
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
  return source;
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

function variablesFrom(env: Env | undefined, envPath: string | undefined, shell: NodeJS.ProcessEnv): Variables {
  return {
    lookup: (name) => env?.variables.get(name)?.value.reveal() ?? shell[name],
    where:
      envPath === undefined
        ? "the shell that runs Aplomo, or in a file that env.file names"
        : `${envPath} or in the shell that runs Aplomo`,
    complete: env === undefined || (env.unreadable === undefined && env.faults.length === 0),
  };
}

function environmentOf(settings: Settings, env: Env | undefined, shell: NodeJS.ProcessEnv): ReadonlyMap<string, Variable> {
  const environment = new Map<string, Variable>();
  for (const [name, { value, line }] of env?.variables ?? []) environment.set(name, { value, origin: `${settings.env.file}:${line}` });
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
