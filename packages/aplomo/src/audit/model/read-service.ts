import type { Place } from "../place.ts";
import { at, entriesOf, itemsOf, textOf, type Yaml, type YamlEntry } from "../read/yaml.ts";
import { expand } from "../../config/interpolate.ts";
import { folderOf, joinPath } from "./kinds.ts";
import { asMap } from "./merge.ts";
import type { Launch, Mount, Port, Project, Service, ServiceKind } from "./service.ts";
import { splitWords } from "./words.ts";

/** A service's merged mapping, read. Its Dockerfile is found by whoever knows them all. */
export function readService(project: Project, name: string, node: Yaml, place: Place): Service {
  const { env } = project;
  const written = textOf(at(node, "image"));
  const image = written === undefined ? undefined : expand(written, env);
  const build = at(node, "build");
  const environment = at(node, "environment");
  const context = build === undefined ? undefined : contextOf(project, build);
  const keys: ReadonlyMap<string, YamlEntry> = node.kind === "map" ? node.entries : new Map();
  return {
    project,
    name,
    place,
    node,
    keys,
    kind: build === undefined ? kindOfImage(image ?? "") : "app",
    image,
    context,
    dockerfile: undefined,
    stage: undefined,
    environment: new Map(
      entriesOf(environment && asMap(environment, "environment")).map(([key, { value }]) => [
        key,
        { text: textOf(value), place: value.place, shared: value.shared },
      ]),
    ),
    envFiles: itemsOf(at(node, "env_file")).flatMap((item) => {
      const path = textOf(item) ?? textOf(at(item, "path"));
      const joined = path === undefined ? undefined : joinPath(folderOf(item.place.file), expand(path, env));
      return joined === undefined ? [] : [{ path: joined, place: item.place, required: textOf(at(item, "required")) !== "false" }];
    }),
    mounts: [
      ...itemsOf(at(node, "volumes")).flatMap((item) => mount(item, env)),
      ...itemsOf(at(node, "tmpfs")).map((item): Mount => ({
        kind: "tmpfs",
        source: undefined,
        target: textOf(item)?.split(":")[0] ?? "",
        place: item.place,
      })),
    ],
    ports: itemsOf(at(node, "ports")).map((item) => port(item, env)),
    dependsOn: dependencies(at(node, "depends_on")),
    healthcheck: healthcheck(keys.get("healthcheck"), env),
    command: launch(at(node, "command"), env),
    entrypoint: launch(at(node, "entrypoint"), env),
    profiles: itemsOf(at(node, "profiles")).flatMap((item) => textOf(item) ?? []),
  };
}

function contextOf(project: Project, build: Yaml): string | undefined {
  const written = textOf(build) ?? textOf(at(build, "context")) ?? ".";
  const path = expand(written, project.env);
  return /^(https?|git|ssh):|^git@/.test(path) ? undefined : joinPath(project.folder, path);
}

function mount(item: Yaml, env: ReadonlyMap<string, string>): Mount[] {
  const { place } = item;
  if (item.kind === "map") {
    const target = textOf(at(item, "target"));
    const source = textOf(at(item, "source"));
    const type = textOf(at(item, "type"));
    if (target === undefined) return [];
    const kind = type === "bind" || type === "tmpfs" ? type : source === undefined ? "anonymous" : "volume";
    return [{ kind, source, target: expand(target, env), place }];
  }
  const text = textOf(item);
  if (text === undefined) return [];
  // A default such as `${DATA:-./data}` holds a colon of its own.
  const parts = expand(text, env).split(":");
  if (parts.length === 1) return [{ kind: "anonymous", source: undefined, target: parts[0] ?? "", place }];
  const [source = "", target = ""] = parts;
  const kind = /^[./~]/.test(source) || text.startsWith("$") || source === "" ? "bind" : "volume";
  return [{ kind, source, target, place }];
}

function port(item: Yaml, env: ReadonlyMap<string, string>): Port {
  const { place } = item;
  if (item.kind === "map") {
    const published = textOf(at(item, "published"));
    return { host: textOf(at(item, "host_ip")), published, target: Number(textOf(at(item, "target"))) || undefined, place, node: item };
  }
  const text = expand(textOf(item) ?? "", env).replace(/\/\w+$/, "");
  const match = /^(?:(\[[^\]]*\]|[\w.-]*):)??(?:(\d*(?:-\d+)?):)?(\d+)(?:-\d+)?$/.exec(text);
  // `${PORT}:80` without a value: the container's port is still the last number.
  if (!match) return { host: undefined, published: "", target: Number(/(\d+)$/.exec(text)?.[1]) || undefined, place, node: item };
  return {
    host: match[1] === undefined || match[1] === "" ? undefined : match[1],
    published: match[2],
    target: Number(match[3]),
    place,
    node: item,
  };
}

function dependencies(node: Yaml | undefined): Service["dependsOn"] {
  if (node?.kind === "map") {
    return entriesOf(node).map(([name, { key, value }]) => ({ name, condition: textOf(at(value, "condition")), place: key, node: value }));
  }
  return itemsOf(node).flatMap((item) =>
    item.kind === "scalar" ? [{ name: item.text, condition: undefined, place: item.place, node: item }] : [],
  );
}

function healthcheck(found: YamlEntry | undefined, env: ReadonlyMap<string, string>): Service["healthcheck"] {
  if (found?.value.kind !== "map") return undefined;
  const node = found.value;
  const test = at(node, "test");
  const first = test?.kind === "list" ? textOf(test.items[0]) : textOf(test);
  const disabled = textOf(at(node, "disable")) === "true" || first === "NONE";
  if (test?.kind === "list" && (first === "CMD" || first === "CMD-SHELL")) {
    const rest = test.items.slice(1);
    if (first === "CMD-SHELL") return { node, place: found.key, disabled, test: shellLaunch(rest[0], env) };
    return { node, place: found.key, disabled, test: { ...listLaunch(rest, test.place, env) } };
  }
  return { node, place: found.key, disabled, test: test && test.kind === "scalar" ? shellLaunch(test, env) : undefined };
}

function listLaunch(items: readonly Yaml[], place: Place, env: ReadonlyMap<string, string>): Launch {
  const words = items.map((item) => expand(textOf(item) ?? "", env));
  const shell = /^(\/bin\/)?(ba|da|a)?sh$/.test(words[0] ?? "") && /^-\w*c$/.test(words[1] ?? "");
  if (shell && items[2]) return { ...shellLaunch(items[2], env), words };
  return { form: "exec", words, text: words.join(" "), place, textStart: undefined };
}

/** The text stands in the file as it is unless quotes hold escapes, or folding changed it. */
function shellLaunch(item: Yaml | undefined, env: ReadonlyMap<string, string>): Launch {
  const written = textOf(item) ?? "";
  const text = expand(written, env);
  const place = item?.place ?? { file: "", line: 1, column: 1, start: 0, end: 0 };
  const found = item && text === written ? item.source.text.slice(place.start, place.end).indexOf(written) : -1;
  return { form: "shell", words: [], text, place, textStart: found === -1 ? undefined : place.start + found };
}

/** A compose `command`: a text is split into words, and no shell reads it. */
function launch(node: Yaml | undefined, env: ReadonlyMap<string, string>): Launch | undefined {
  if (node?.kind === "list") return listLaunch(node.items, node.place, env);
  const written = textOf(node);
  if (written === undefined || node === undefined) return undefined;
  const words = splitWords(expand(written, env));
  const shell = /^(\/bin\/)?(ba|da|a)?sh$/.test(words[0] ?? "") && /^-\w*c$/.test(words[1] ?? "") && words[2] !== undefined;
  const text = shell ? (words[2] ?? "") : words.join(" ");
  const found = node.source.text.slice(node.place.start, node.place.end).indexOf(text);
  return {
    form: shell ? "shell" : "exec",
    words,
    text,
    place: node.place,
    textStart: shell && found !== -1 ? node.place.start + found : undefined,
  };
}

const images: [ServiceKind, RegExp][] = [
  ["postgres", /^(postgres|postgresql|postgis|timescaledb(-ha)?|pgvector|postgres-.*|pgvecto-rs)$/],
  ["mysql", /^(mysql|mysql-server|mariadb|percona(-server)?)$/],
  ["mongo", /^(mongo|mongodb|mongodb-community-server|percona-server-mongodb)$/],
  ["redis", /^(redis|redis-stack(-server)?|valkey|keydb|dragonfly)$/],
  [
    "data",
    /^(rabbitmq|kafka|cp-kafka|redpanda|minio|elasticsearch|opensearch|clickhouse(-server)?|influxdb|nats|qdrant|meilisearch|weaviate|couchdb|neo4j|cassandra|scylla|etcd|memcached|zookeeper|mailhog|mailpit|typesense)$/,
  ],
  [
    "front",
    /^(traefik|nginx|nginx-unprivileged|caddy|haproxy|envoy|kamal-proxy|nginx-proxy-manager|cloudflared|certbot|nginx-proxy|openresty)$/,
  ],
  [
    "tool",
    /^(pgadmin4?|adminer|phpmyadmin|mongo-express|redis-commander|redisinsight|watchtower|portainer(-ce)?|pgbackups|postgres-backup.*|prometheus|grafana|cadvisor|node-exporter|loki|promtail|dozzle|busybox|alpine|curl|autoheal|mc)$/,
  ],
];

/** What an image is, by its last name. */
export function kindOfImage(image: string): ServiceKind {
  const plain = image
    .toLowerCase()
    .replace(/@.*$/, "")
    .replace(/:[^/]*$/, "");
  const last = plain.slice(plain.lastIndexOf("/") + 1);
  if (/^(adminer|pgadmin)/.test(last) || /backup/.test(last)) return "tool";
  return images.find(([, pattern]) => pattern.test(last))?.[0] ?? "app";
}
