import type { Yaml, YamlEntry, YamlList, YamlMap } from "../read/yaml.ts";

/** Lists that a later file adds to. The rest of a service's lists are replaced. */
const added = new Set([
  "ports",
  "expose",
  "external_links",
  "dns",
  "dns_search",
  "tmpfs",
  "volumes",
  "devices",
  "env_file",
  "cap_add",
  "cap_drop",
  "security_opt",
  "profiles",
  "networks",
  "configs",
  "secrets",
  "extra_hosts",
  "group_add",
]);
/** Keys that a list may be written for. */
const keyed = new Set(["environment", "labels", "args", "depends_on", "sysctls", "extra_hosts", "networks"]);
const replaced = new Set(["command", "entrypoint", "test"]);

/** A compose mapping with what a later file says put over it, as docker compose merges them. */
export function mergeYaml(base: Yaml, over: Yaml, key = ""): Yaml {
  if (over.tag === "!reset") return { ...over, kind: "scalar", value: null, text: "" };
  if (over.tag === "!override" || replaced.has(key)) return over;
  if (over.kind === "scalar" && over.value === null) return base;
  if (keyed.has(key)) {
    const [below, above] = [asMap(base, key), asMap(over, key)];
    if (below && above) return mergeMaps(below, above);
  }
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over);
  if (added.has(key)) {
    const items = [...listOf(base), ...listOf(over)];
    const list: YamlList = { ...over, kind: "list", items: key === "volumes" ? lastByTarget(items) : items };
    return list;
  }
  return over;
}

function mergeMaps(base: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map<string, YamlEntry>(base.entries);
  for (const [name, entry] of over.entries) {
    const below = base.entries.get(name);
    entries.set(name, below ? { key: entry.key, value: mergeYaml(below.value, entry.value, name) } : entry);
  }
  for (const [name, entry] of entries) if (entry.value.tag === "!reset") entries.delete(name);
  return { ...base, entries };
}

function listOf(node: Yaml): Yaml[] {
  return node.kind === "list" ? node.items : node.kind === "scalar" && node.value !== null ? [node] : [];
}

/** `[A=1, B]` as `{ A: 1, B: }`; each value keeps its place. */
export function asMap(node: Yaml, key = ""): YamlMap | undefined {
  if (node.kind === "map") return node;
  if (node.kind === "scalar") return undefined;
  const entries = new Map<string, YamlEntry>();
  for (const item of node.items) {
    if (item.kind !== "scalar") return undefined;
    const separator = key === "extra_hosts" ? item.text.search(/[=:]/) : item.text.indexOf("=");
    const name = separator === -1 ? item.text : item.text.slice(0, separator);
    const value: Yaml =
      separator === -1
        ? { ...item, value: null, text: "" }
        : { ...item, value: item.text.slice(separator + 1), text: item.text.slice(separator + 1) };
    entries.set(name, { key: item.place, value });
  }
  const { place, source, shared, tag } = node;
  return { kind: "map", entries, place, source, shared, tag };
}

/** A mount at the same place inside the container takes the earlier one's. */
function lastByTarget(items: Yaml[]): Yaml[] {
  const byTarget = new Map<string, Yaml>();
  for (const item of items) {
    const text = item.kind === "scalar" ? item.text : item.kind === "map" ? textAt(item, "target") : "";
    const parts = text.split(":");
    const target = item.kind === "scalar" ? (parts.length === 1 ? text : (parts[1] ?? "")) : text;
    byTarget.delete(target);
    byTarget.set(target, item);
  }
  return [...byTarget.values()];
}

function textAt(map: YamlMap, key: string): string {
  const value = map.entries.get(key)?.value;
  return value?.kind === "scalar" ? value.text : "";
}
