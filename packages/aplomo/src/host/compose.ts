import { AplomoError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import type { Command, Host } from "./run.ts";

/** Compose as it is installed here. */
export interface ComposeProgram {
  argv: readonly [string, ...string[]];
  /** `2.40.3` */
  version: string;
  /** The old Python program (1.x) reads and writes somewhat other files. */
  old: boolean;
}

/** What every compose command works on. */
export interface ComposeProject {
  program: ComposeProgram;
  name: string;
  /** Absolute, in the order that `-f` takes them. */
  files: readonly string[];
  /** What `${NAME}` is read from, besides `env`; default: `.env` beside the first file. */
  envFile?: string | undefined;
  /** All that compose sees: values never stand in its arguments. */
  env: Record<string, string | Secret | undefined>;
  cwd: string;
}

/** The files as compose understands them: merged, `${NAME}` filled in, paths absolute, `$` doubled. */
export function composeConfig(project: ComposeProject): Command {
  return compose(project, ["--profile", "*", "config", ...(project.program.old ? [] : ["--format", "json"])]);
}

/** One line a service: its name and the hash that compose labels its containers with. */
export function composeHashes(project: ComposeProject): Command {
  return compose(project, ["--profile", "*", "config", "--hash", "*"]);
}

/** Makes these services run, and no other: a changed container is made anew, or with `keep` left as it is. */
export function composeUp(project: ComposeProject, services: readonly string[], options: { keep: boolean }): Command {
  const keep = options.keep ? ["--no-recreate"] : [];
  return compose(project, ["up", "--detach", "--no-deps", "--no-build", ...keep, ...services]);
}

/** A one-off container of a service, detached. `variables` are names; their values are in the project's `env`. */
export function composeRun(
  project: ComposeProject,
  job: { name: string; service: string; variables: readonly string[]; run: readonly string[] },
): Command {
  const variables = job.variables.flatMap((name) => ["-e", name]);
  return compose(project, ["run", "--detach", "--no-deps", "-T", "--name", job.name, ...variables, job.service, ...job.run]);
}

function compose(project: ComposeProject, args: readonly string[]): Command {
  const files = project.files.flatMap((file) => ["--file", file]);
  const envFile = project.envFile === undefined ? [] : ["--env-file", project.envFile];
  return {
    argv: [...project.program.argv, "--project-name", project.name, ...files, ...envFile, ...args],
    cwd: project.cwd,
    env: project.env,
    cleanEnv: true,
  };
}

/** What compose and docker need of Aplomo's own environment. `COMPOSE_REMOVE_ORPHANS` and its like must not come through. */
export function composeEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const wanted = /^(PATH|HOME|USER|LOGNAME|LANG|TMPDIR|SSH_AUTH_SOCK|(HTTPS?|NO)_PROXY|(https?|no)_proxy|XDG_.*|DOCKER_.*)$/;
  const passed = Object.entries(env).flatMap(([name, value]) => (value !== undefined && wanted.test(name) ? [[name, value]] : []));
  return { ...Object.fromEntries(passed), COMPOSE_IGNORE_ORPHANS: "true", COMPOSE_ANSI: "never" } as Record<string, string>;
}

export function composeVersion(argv: readonly [string, ...string[]]): Command {
  return { argv: [...argv, "version", "--short"], timeout: 20_000 };
}

/** `docker compose` first, the old `docker-compose` where only that exists; `forced` names one, as a program or a JSON list. */
export async function findCompose(host: Host, forced?: string): Promise<ComposeProgram> {
  const candidates = forced ? [parseForced(forced)] : ([["docker", "compose"], ["docker-compose"]] as const);
  for (const argv of candidates) {
    const result = await host.attempt(composeVersion(argv));
    const version = /^v?(\d+\.\d+\S*)/m.exec(result.stdout.trim())?.[1];
    if (result.code === 0 && version !== undefined) return { argv, version, old: version.startsWith("1.") };
  }
  throw new AplomoError({
    operation: "find",
    subject: "docker compose",
    cause: `neither answers: ${candidates.map((argv) => argv.join(" ")).join(", ")}`,
    hint: "Install the compose plugin: apt-get install docker-compose-plugin.",
  });
}

function parseForced(text: string): [string, ...string[]] {
  return text.trim().startsWith("[") ? (JSON.parse(text) as [string, ...string[]]) : [text.trim()];
}
