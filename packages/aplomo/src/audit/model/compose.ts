import type { Source } from "../place.ts";
import type { Dockerfile } from "../read/dockerfile.ts";
import { finalStage } from "../read/dockerfile.ts";
import { at, entriesOf, itemsOf, parseYaml, textOf, type Yaml, type YamlMap } from "../read/yaml.ts";
import type { Unread } from "../tree/tree.ts";
import { expand } from "../../config/interpolate.ts";
import { folderOf, joinPath, nameOf, purposeOf } from "./kinds.ts";
import { mergeYaml } from "./merge.ts";
import type { EnvFile } from "./model.ts";
import type { Project, Service } from "./service.ts";
import { readService } from "./read-service.ts";

interface File {
  path: string;
  root: Yaml;
  services: Map<string, { node: Yaml; key: Yaml["place"] }>;
}

export interface ComposeInput {
  sources: readonly Source[];
  /** Files that aplomo.yml names, in its order. */
  chosen: readonly string[];
  dockerfiles: readonly Dockerfile[];
  envFiles: readonly EnvFile[];
  paths: ReadonlySet<string>;
}

/** The projects that the compose files of a tree make. */
export function readProjects(input: ComposeInput): { projects: Project[]; unread: Unread[] } {
  const unread: Unread[] = [];
  const files = new Map<string, File>();
  for (const source of input.sources) {
    const root = parseYaml(source);
    if ("reason" in root) unread.push({ file: source.path, reason: root.reason, line: root.line });
    else
      files.set(source.path, {
        path: source.path,
        root,
        services: new Map(entriesOf(at(root, "services")).map(([name, entry]) => [name, { node: entry.value, key: entry.key }])),
      });
  }
  const groups = grouped([...files.values()], input.chosen);
  return { projects: groups.map(({ group, purpose }) => project(group, purpose, files, input)), unread };
}

interface Group {
  group: File[];
  purpose: Project["purpose"];
}

const bases = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/**
 * Which files go together. What aplomo.yml names is one project. Elsewhere: a base with its override, as docker compose does by itself;
 * a file for production is laid over the base, which is then not looked at alone; a file that stands for itself is a project of its own.
 */
function grouped(files: File[], chosen: readonly string[]): Group[] {
  const groups: Group[] = [];
  const taken = new Set(chosen);
  const first = chosen.flatMap((path) => files.find((file) => file.path === path) ?? []);
  if (first.length > 0) groups.push({ group: first, purpose: "production" });
  const byFolder = groupBy(files);
  for (const inside of byFolder.values()) {
    const free = inside.filter((file) => !taken.has(file.path) && file.services.size > 0);
    const base = bases.map((name) => inside.find((file) => nameOf(file.path) === name)).find((file) => file !== undefined);
    const others = free.filter((file) => file !== base);
    const layers = others.filter((file) => base !== undefined && !standsAlone(file));
    for (const file of others.filter((one) => !layers.includes(one))) groups.push({ group: [file], purpose: purposeOf(file.path) });
    if (!base) continue;
    const production = layers.filter((file) => purposeOf(file.path) === "production");
    const override = layers.find((file) => /\.override\.ya?ml$/.test(file.path));
    for (const file of production) groups.push({ group: [base, file], purpose: "production" });
    if (production.length === 0 && !taken.has(base.path)) {
      groups.push({ group: override ? [base, override] : [base], purpose: purposeOf(base.path) });
    }
    for (const file of layers) {
      if (production.includes(file) || (file === override && production.length === 0)) continue;
      groups.push({ group: [base, file], purpose: file === override ? "development" : purposeOf(file.path) });
    }
  }
  return groups;
}

function groupBy(files: File[]): Map<string, File[]> {
  const made = new Map<string, File[]>();
  for (const file of files) made.set(folderOf(file.path), [...(made.get(folderOf(file.path)) ?? []), file]);
  return made;
}

function standsAlone(file: File): boolean {
  return [...file.services.values()].every(
    ({ node }) => at(node, "image") !== undefined || at(node, "build") !== undefined || at(node, "extends") !== undefined,
  );
}

function project(group: File[], purpose: Project["purpose"], files: ReadonlyMap<string, File>, input: ComposeInput): Project {
  const folder = folderOf(group[0]?.path ?? "");
  const beside = input.envFiles.find((file) => file.source.path === (folder === "" ? ".env" : `${folder}/.env`));
  const env = new Map([...(beside?.variables ?? [])].map(([name, { value }]) => [name, value]));
  const merged = new Map<string, { node: Yaml; key: Yaml["place"] }>();
  for (const file of group.flatMap((one) => withIncluded(one, files))) {
    for (const [name, { node, key }] of file.services) {
      const below = merged.get(name);
      const extended = extend(node, file, files, 0);
      merged.set(name, below ? { node: mergeYaml(below.node, extended), key: below.key } : { node: extended, key });
    }
  }
  const made: Project = {
    files: group.map((file) => file.path),
    folder,
    purpose,
    env,
    hasEnvFile: beside !== undefined,
    services: [],
    volumes: new Map(group.flatMap((file) => entriesOf(at(file.root, "volumes")).map(([name, entry]) => [name, entry.value] as const))),
  };
  const dockerfileAt = (path: string): Dockerfile | undefined => input.dockerfiles.find((file) => file.source.path === path);
  made.services = [...merged].map(([name, { node, key }]): Service => {
    const service = readService(made, name, node, key);
    const file = service.context === undefined ? undefined : dockerfileAt(dockerfilePath(service));
    const target = textOf(at(node, "build", "target"));
    return {
      ...service,
      dockerfile: file,
      stage: file ? finalStage(file, target === undefined ? undefined : expand(target, env)) : undefined,
    };
  });
  return made;
}

function dockerfilePath(service: Service): string {
  const named = textOf(at(service.node, "build", "dockerfile"));
  const name = named === undefined ? "Dockerfile" : expand(named, service.project.env);
  return joinPath(service.context ?? "", name) ?? name;
}

/** `extends`: what another service says, from this file or another, below what this one says. */
function extend(node: Yaml, file: File, files: ReadonlyMap<string, File>, depth: number): Yaml {
  const extended = at(node, "extends");
  if (!extended || depth > 8) return node;
  const name = textOf(extended) ?? textOf(at(extended, "service"));
  const other = textOf(at(extended, "file"));
  const path = other === undefined ? file.path : joinPath(folderOf(file.path), other);
  const from = path === undefined ? undefined : files.get(path);
  const base = name === undefined ? undefined : from?.services.get(name);
  if (!base || !from || base.node === node) return node;
  return mergeYaml(withoutDependencies(extend(base.node, from, files, depth + 1)), node);
}

/** What `extends` does not take over. */
function withoutDependencies(node: Yaml): Yaml {
  if (node.kind !== "map") return node;
  const entries: YamlMap["entries"] = new Map([...node.entries].filter(([name]) => name !== "depends_on" && name !== "extends"));
  return { ...node, entries };
}

function withIncluded(file: File, files: ReadonlyMap<string, File>): File[] {
  const included = itemsOf(at(file.root, "include")).flatMap((item) => {
    const path = textOf(item) ?? textOf(at(item, "path"));
    const joined = path === undefined ? undefined : joinPath(folderOf(file.path), path);
    return (joined === undefined ? undefined : files.get(joined)) ?? [];
  });
  return [...included.filter((one) => one !== file), file];
}
