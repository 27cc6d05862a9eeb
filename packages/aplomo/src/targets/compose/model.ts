import { parse } from "yaml";

/** What compose makes of the user's files, and what Aplomo freezes: the parts it looks at; the rest passes through. */
export interface Project {
  services: Record<string, Service>;
  networks?: Record<string, Resource | null>;
  volumes?: Record<string, Resource | null>;
  secrets?: Record<string, FileResource>;
  configs?: Record<string, FileResource>;
}

export interface Service {
  image?: string;
  build?: unknown;
  command?: string | string[];
  entrypoint?: string | string[];
  environment: Record<string, string>;
  labels: Record<string, string>;
  /** Service to the condition under which this one starts. */
  depends_on: Record<string, { condition?: string }>;
  volumes?: (string | Mount)[];
  ports?: (string | Port)[];
  networks?: string[] | Record<string, Record<string, unknown> | null>;
  links?: string[];
  profiles?: string[];
  restart?: string;
  container_name?: string;
  stop_grace_period?: string;
  healthcheck?: { disable?: boolean; start_period?: string; interval?: string; timeout?: string; retries?: number; test?: unknown };
  scale?: number;
  deploy?: { replicas?: number };
  [key: string]: unknown;
}

export interface Mount {
  type: string;
  source?: string;
  target: string;
  read_only?: boolean;
}

export interface Port {
  target: number;
  published?: string | number;
  protocol?: string;
}

/** A network or a volume. */
export interface Resource {
  name?: string;
  external?: boolean;
  [key: string]: unknown;
}

/** A secret or a configuration file. */
export interface FileResource {
  file?: string;
  environment?: string;
  [key: string]: unknown;
}

type Loose = Record<string, unknown>;

/** Reads what `compose config` says, of either generation, as values: `$` is single again, environments are text. */
export function parseProject(text: string): Project {
  // The old compose writes YAML 1.1, in which `no` is a boolean unless quoted.
  const raw = (text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text, { version: "1.1" })) as Loose;
  const project = mapStrings(raw, (value) => value.replaceAll("$$", "$")) as Loose;
  const services = Object.entries((project["services"] ?? {}) as Record<string, Loose>);
  const kept = ["networks", "volumes", "secrets", "configs"].filter((key) => project[key]).map((key) => [key, project[key]]);
  return { ...Object.fromEntries(kept), services: Object.fromEntries(services.map(([name, raw]) => [name, parseService(raw)])) } as Project;
}

function parseService(raw: Loose): Service {
  const entries = Object.entries(raw).filter(([, value]) => value !== null);
  const { environment, labels, depends_on, ...rest } = Object.fromEntries<unknown>(entries);
  return { ...rest, environment: textMap(environment), labels: textMap(labels), depends_on: dependencies(depends_on) };
}

/** A map, or the list of `NAME=value` that older files have. A name without a value is a variable that is not set anywhere. */
function textMap(raw: unknown): Record<string, string> {
  const pairs: [string, unknown][] = Array.isArray(raw)
    ? raw.map((line: string) => (line.includes("=") ? [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] : [line, null]))
    : Object.entries((raw ?? {}) as Loose);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]));
}

function dependencies(raw: unknown): Service["depends_on"] {
  if (Array.isArray(raw)) return Object.fromEntries(raw.map((name: string) => [name, {}]));
  return (raw ?? {}) as Service["depends_on"];
}

/** A compose file (JSON is YAML) from which each value comes back as it is: every `$` is doubled. */
export function writeProject(content: object): string {
  return `${JSON.stringify(
    mapStrings(content, (value) => value.replaceAll("$", "$$$$")),
    null,
    2,
  )}\n`;
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]));
}

/** How many containers a service has. */
export function scaleOf(service: Service): number {
  return service.scale ?? service.deploy?.replicas ?? 1;
}

/** What is mounted into a service, from short and long syntax alike. */
export function mountsOf(service: Service): Mount[] {
  return (service.volumes ?? []).map((volume) => (typeof volume === "string" ? parseMount(volume) : volume));
}

function parseMount(text: string): Mount {
  const [first = "", second, mode] = text.split(":");
  if (second === undefined) return { type: "volume", target: first };
  const type = /^[./~]/.test(first) ? "bind" : "volume";
  return { type, source: first, target: second, ...(mode?.split(",").includes("ro") ? { read_only: true } : {}) };
}

/** The name a project's volume or network has on the engine. */
export function nameOnEngine(project: string, key: string, resource: Resource | null | undefined): string {
  return resource?.name ?? (resource?.external ? key : `${project}_${key}`);
}
