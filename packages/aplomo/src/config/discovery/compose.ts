import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import type { Folder } from "./folder.ts";

/** A service as the compose files write it. */
export interface Service {
  name: string;
  image: string;
  built: boolean;
  /** The port inside the container that is published or exposed. */
  port: number | undefined;
  published: boolean;
  /** The folder its Dockerfile is in, from the application's folder. */
  context: string | undefined;
  /** It reads every variable of the env file. */
  readsEnvFile: boolean;
  /** The path its health check asks for. */
  healthPath: string | undefined;
}

export interface ComposeFind {
  /** In the order of `docker compose -f`. */
  files: string[];
  /** Files of the same kind that are left out. */
  others: string[];
  /** The name docker compose gives the project today: another one would have empty volumes. */
  project: string;
  services: Service[];
  /** Variables the files cannot do without. */
  variables: string[];
  /** Those it gives a default. */
  defaults: string[];
}

const folders = [".", "infra", "docker", "deploy", "deployment"];
const bases = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

export async function findCompose(folder: Folder): Promise<ComposeFind | undefined> {
  for (const inside of folders) {
    const all = (await folder.names(inside)).filter((name) => /^(docker-)?compose[\w.-]*\.ya?ml$/.test(name)).sort();
    const base = bases.find((name) => all.includes(name)) ?? all[0];
    if (base === undefined) continue;
    const more = all.filter((name) => name !== base);
    const production = more.filter((name) => /[.-]prod(uction)?\.ya?ml$/.test(name));
    // As docker compose does by itself where no other file is named.
    const files = [base, ...(production.length > 0 ? production.slice(0, 1) : more.filter((name) => /\.override\.ya?ml$/.test(name)))];
    const paths = files.map((name) => join(inside, name));
    const texts = await Promise.all(paths.map((path) => folder.text(path)));
    const documents = texts.map(read);
    return {
      files: paths,
      others: more.filter((name) => !files.includes(name)),
      project: await projectName(folder, inside, documents),
      services: merge(inside, documents),
      variables: variablesOf(texts.join("\n"), (operator) => operator === undefined || /^:?\?/.test(operator)),
      defaults: variablesOf(texts.join("\n"), (operator) => /^:?-./.test(operator ?? "")),
    };
  }
  return undefined;
}

type Plain = Record<string, unknown>;

function read(text: string | undefined): Plain {
  try {
    return plain(parse(text ?? ""));
  } catch {
    return {};
  }
}

async function projectName(folder: Folder, inside: string, documents: Plain[]): Promise<string> {
  const set = /^COMPOSE_PROJECT_NAME=(\S+)/m.exec((await folder.text(join(inside, ".env"))) ?? "")?.[1];
  const named = documents.map((document) => document["name"]).findLast((name) => typeof name === "string");
  const name = set ?? (typeof named === "string" ? withDefaults(named) : basename(join(folder.path, inside)));
  return name.toLowerCase().replace(/[^a-z0-9_-]/g, "") || "app";
}

function merge(inside: string, documents: Plain[]): Service[] {
  const merged = new Map<string, Plain>();
  for (const document of documents) {
    for (const [name, service] of Object.entries(plain(document["services"]))) {
      merged.set(name, { ...merged.get(name), ...plain(service) });
    }
  }
  return [...merged].map(([name, service]) => {
    const published = firstPort(service["ports"]);
    const { build } = service;
    const context = typeof build === "string" ? build : plain(build)["context"];
    return {
      name,
      image: typeof service["image"] === "string" ? withDefaults(service["image"]) : "",
      built: build !== undefined,
      port: published ?? firstPort(service["expose"]),
      published: published !== undefined,
      context: build === undefined ? undefined : join(inside, typeof context === "string" ? withDefaults(context) : "."),
      readsEnvFile: service["env_file"] !== undefined,
      healthPath: healthPath(plain(service["healthcheck"])["test"]),
    };
  });
}

/** `127.0.0.1:8080:3000/tcp`, `3000`, `{ target: 3000 }`: the number inside the container. */
function firstPort(ports: unknown): number | undefined {
  const [first] = Array.isArray(ports) ? (ports as unknown[]) : [];
  const target = typeof first === "object" && first !== null ? plain(first)["target"] : first;
  const text = typeof target === "string" || typeof target === "number" ? withDefaults(String(target)) : "";
  const port = Number(/(\d+)(?:\/\w+)?$/.exec(text)?.[1]);
  return port > 0 && port < 65_536 ? port : undefined;
}

function healthPath(test: unknown): string | undefined {
  const words = Array.isArray(test) ? test.join(" ") : typeof test === "string" ? test : "";
  return /https?:\/\/[\w.-]+(?::\d+)?(\/[\w./-]+)/.exec(words)?.[1];
}

/** Variables without a default: `${NAME}`, `${NAME:?message}`. */
function variablesOf(text: string, accepts: (operator: string | undefined) => boolean): string[] {
  const written = text.replace(/^\s*#.*$/gm, "").matchAll(/(?<!\$)\$\{([A-Za-z_]\w*)(:?[-?+][^}]*)?\}/g);
  const names = [...written].filter(([, , operator]) => accepts(operator)).map(([, name]) => name ?? "");
  return [...new Set(names)];
}

/** `${NAME:-default}` as its default, any other variable as nothing. */
function withDefaults(text: string): string {
  return text.replace(/\$\{\w+:?-([^}]*)\}/g, "$1").replace(/\$\{[^}]*\}/g, "");
}

function plain(value: unknown): Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

/** What a service is by its image: a database Aplomo knows, other data, something in front, or the application. */
export function kindOf(service: Service): "postgres" | "mariadb" | "mysql" | "mongodb" | "data" | "front" | "app" {
  const image = service.image.toLowerCase();
  const last = basename(image.replace(/[@:][^/]*$/, ""));
  if (service.built) return "app";
  if (/^(postgres|postgresql|postgis|timescaledb(-ha)?|pgvector)$/.test(last) || /(^|\/)supabase\/postgres/.test(image)) return "postgres";
  if (/^mariadb(-galera)?$/.test(last)) return "mariadb";
  if (/^(mongo|mongodb(-community-server|-enterprise-server)?|percona-server-mongodb)$/.test(last)) return "mongodb";
  if (/^(mysql(-server)?|percona(-server)?)$/.test(last)) return "mysql";
  if (
    /^(mysql|mariadb|percona|mongo|mongodb|redis|valkey|keydb|memcached|rabbitmq|kafka|minio|elasticsearch|opensearch|clickhouse|influxdb|nats|qdrant|meilisearch)/.test(
      last,
    )
  )
    return "data";
  if (/^(traefik|nginx|caddy|haproxy|envoy|kamal-proxy|nginx-proxy-manager|cloudflared|certbot)$/.test(last)) return "front";
  return "app";
}

/** The folder a Dockerfile is looked for in. */
export function dockerfileOf(service: Service | undefined): string {
  return join(service?.context ?? ".", "Dockerfile");
}

export const besideCompose = (find: ComposeFind, name: string): string => join(dirname(find.files[0] ?? "."), name);
