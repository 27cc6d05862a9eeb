import type { Code } from "../read/code.ts";
import type { Dockerfile } from "../read/dockerfile.ts";
import type { Script } from "../read/shell.ts";
import type { Yaml } from "../read/yaml.ts";
import type { Place, Source } from "../place.ts";
import type { Unread } from "../tree/tree.ts";
import type { Project, Service } from "./service.ts";
import type { Start } from "./start.ts";

/** Everything rules may ask: facts of all files together, each with its place. Nothing in it is changed by a rule. */
export interface Model {
  sources: ReadonlyMap<string, Source>;
  /** Files that may be executed. */
  executable: ReadonlySet<string>;
  /** All paths of the tree, also of files that are not read. */
  paths: ReadonlySet<string>;
  unread: Unread[];
  dockerfiles: readonly Dockerfile[];
  projects: readonly Project[];
  /** Of all projects. */
  services: readonly Service[];
  scripts: ReadonlyMap<string, Script>;
  hooks: readonly Script[];
  packages: readonly Package[];
  pm2: readonly Pm2App[];
  envFiles: readonly EnvFile[];
  code: readonly Code[];
  prisma: readonly PrismaSchema[];
  sql: readonly Source[];
  workflows: readonly { source: Source; yaml: Yaml }[];
  aplomo: Yaml | undefined;
  /** Files that only developers and tests use: what they do never happens in production. */
  developmentFiles: ReadonlySet<string>;
  /** Compose files that hold databases and no application: mostly those of a developer's machine. */
  supportFiles: ReadonlySet<string>;
  /** How each service, image, process and package starts. */
  starts: readonly Start[];
}

export interface Package {
  source: Source;
  folder: string;
  name: string;
  scripts: Map<string, { text: string; place: Place }>;
  dependencies: ReadonlySet<string>;
  developmentOnly: ReadonlySet<string>;
}

export interface EnvFile {
  source: Source;
  /** It is a pattern to copy: `.env.example`. */
  example: boolean;
  variables: Map<string, { value: string; place: Place }>;
}

/** A value of a PM2 file, with its place; undefined text where it is no literal. */
export interface Pm2Value {
  text: string | undefined;
  place: Place;
}

export interface Pm2App {
  source: Source;
  name: string;
  place: Place;
  values: Map<string, Pm2Value>;
  env: Map<string, Pm2Value>;
  /** It takes over values from elsewhere (`...base`): what is not here may still be set. */
  open: boolean;
}

export interface PrismaSchema {
  source: Source;
  folder: string;
  provider: { text: string; place: Place } | undefined;
  hasDirectUrl: boolean;
  url: Place | undefined;
  models: { name: string; table: string; place: Place; columns: { name: string; place: Place }[] }[];
}
