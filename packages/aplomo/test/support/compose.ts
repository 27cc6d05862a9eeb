import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { stringify } from "yaml";
import type { Event } from "../../src/base/events.ts";
import { Secret } from "../../src/base/secret.ts";
import { poll } from "../../src/base/time.ts";
import type { Config } from "../../src/config/config.ts";
import { schema } from "../../src/config/schema.ts";
import { get } from "../../src/host/http.ts";
import { local } from "../../src/host/local.ts";
import { openCompose } from "../../src/targets/compose/compose.ts";
import type { ReleaseFolder, Target } from "../../src/targets/contract.ts";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { root } from "./root.ts";

const run = promisify(execFile);

export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run("docker", args, { env: { ...process.env, DOCKER_BUILDKIT: "0" }, maxBuffer: 1 << 26 });
  return stdout.trim();
}

/** Builds the fixture as version so-and-so; quick when it was built before. */
export async function buildFixture(version: string): Promise<string> {
  const tag = `aplomo-test/compose-app:${version}`;
  await docker(
    "build",
    "--quiet",
    "--tag",
    tag,
    "--build-arg",
    `VERSION=${version}`,
    join(root, "packages/aplomo/test/fixtures/compose-app"),
  );
  return tag;
}

export type Loose = Record<string, unknown>;

export interface ComposeOptions {
  /** Added to or in place of what the service `web` has. */
  web?: Loose;
  /** Services besides `web`. */
  services?: Record<string, Loose>;
  volumes?: Record<string, Loose | null>;
  /** Added to the settings of aplomo.yml. */
  settings?: Loose;
  target?: Loose;
}

export interface ComposeFixture {
  app: string;
  folder: string;
  home: string;
  port: number;
  url: string;
  /** The mutable name under which the service's image is known; each `change` moves it. */
  image: string;
  options: ComposeOptions;
  events: Event[];
  config(): Config;
  open(signal?: AbortSignal): Target;
  change(next: { version: string; behaviour?: string; env?: Record<string, string> }): Promise<void>;
  /** Compose as a person calls it, in the app's folder. */
  compose(...args: string[]): Promise<string>;
  release(id: string): Promise<ReleaseFolder>;
  containers(service?: string): Promise<string[]>;
  close(): Promise<void>;
}

/** An application of one service on the lab's engine, with a project, port and folder of its own. */
export async function composeFixture(options: ComposeOptions = {}): Promise<ComposeFixture> {
  const app = `t${randomBytes(5).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "aplomo-compose-"));
  const home = join(folder, "home");
  const port = await freePort();
  const image = `aplomo-test/${app}:latest`;
  let environment: Record<string, string> = {};
  const labelled = ["--filter", `label=com.docker.compose.project=${app}`];
  const list = async (...args: string[]): Promise<string[]> => (await docker(...args)).split("\n").filter(Boolean);
  const program = JSON.parse(process.env["APLOMO_COMPOSE"] ?? '["docker","compose"]') as [string, ...string[]];

  const self: ComposeFixture = {
    app,
    folder,
    home,
    port,
    url: `http://127.0.0.1:${port}`,
    image,
    options,
    events: [],
    config: () => ({
      file: join(folder, "aplomo.yml"),
      directory: folder,
      settings: v.parse(schema, { app, target: { kind: "compose", ...options.target }, env: { file: "app.env" }, ...options.settings }),
      environment: new Map(Object.entries(environment).map(([name, value]) => [name, { value: new Secret(value), origin: "app.env" }])),
    }),
    open: (signal = new AbortController().signal) =>
      openCompose({ host: local, emit: (event) => self.events.push(event), signal, home, now: () => new Date() }, self.config()),
    async change({ version, behaviour = "good", env }) {
      await docker("tag", await buildFixture(version), image);
      if (env) environment = env;
      // As a careful person writes it: a value in single quotes is taken as it is.
      const lines = Object.entries(environment).map(([name, value]) => `${name}='${value}'\n`);
      await writeFile(join(folder, "app.env"), lines.join(""), { mode: 0o600 });
      const web = {
        image,
        env_file: ["app.env"],
        environment: { BEHAVIOUR: behaviour },
        ports: [`127.0.0.1:${port}:3000`],
        restart: "unless-stopped",
        stop_grace_period: "3s",
        ...options.web,
      };
      await writeFile(join(folder, "compose.yml"), stringify({ services: { web, ...options.services }, volumes: options.volumes ?? {} }));
    },
    async compose(...args) {
      const [file, ...first] = program;
      const { stdout } = await run(file, [...first, "-p", app, "-f", "compose.yml", ...args], { cwd: folder });
      return stdout;
    },
    async release(id) {
      const path = join(home, "apps", app, "releases", id);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return { id, path };
    },
    containers: (service) =>
      list(
        "ps",
        "--all",
        "--no-trunc",
        "--quiet",
        ...labelled,
        ...(service ? ["--filter", `label=com.docker.compose.service=${service}`] : []),
      ),
    async close() {
      const mounts = '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}} {{end}}{{end}}';
      const ids = await list("ps", "-aq", ...labelled);
      const volumes = ids.length > 0 ? (await docker("inspect", "--format", mounts, ...ids)).split(/\s+/).filter(Boolean) : [];
      // The engine refuses to remove a container that it is just starting anew.
      await poll(
        async () => {
          const left = [...(await list("ps", "-aq", ...labelled)), ...(await list("ps", "-aq", "--filter", `name=^${app}-aplomo-`))];
          for (const id of left) await docker("rm", "--force", "--volumes", id).catch(() => "");
          return left.length === 0 ? true : undefined;
        },
        { limit: 20_000 },
      );
      for (const name of volumes) await docker("volume", "rm", name).catch(() => "");
      for (const kind of ["network", "volume"]) {
        for (const name of await list(kind, "ls", "--quiet", ...labelled)) await docker(kind, "rm", name).catch(() => "");
      }
      const tags = await list("image", "ls", "--format", "{{.Repository}}:{{.Tag}}");
      for (const tag of tags) if (tag.startsWith(`aplomo.local/${app}/`) || tag === image) await docker("rmi", tag).catch(() => "");
      await rm(folder, { recursive: true, force: true });
    },
  };
  return self;
}

/** The body of a 200 answer; undefined for every other answer and for none. */
export async function textOf(url: string): Promise<string | undefined> {
  const answer = await get(url, 5_000);
  return answer.status === 200 ? answer.body : undefined;
}

/** Waits until it answers at all. */
export async function answerOf(url: string): Promise<string> {
  const found = await poll(() => textOf(url), { limit: 30_000 });
  if (found === undefined) throw new Error(`nothing answers at ${url}`);
  return found;
}
