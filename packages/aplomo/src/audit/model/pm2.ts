import { parseDuration } from "../../base/time.ts";
import type { Place, Source } from "../place.ts";
import { codeOf } from "../read/code.ts";
import { readLiteral, type Literal } from "../read/literal.ts";
import { at, entriesOf, itemsOf, parseYaml, textOf, type Yaml } from "../read/yaml.ts";
import type { Unread } from "../tree/tree.ts";
import type { Pm2App, Pm2Value } from "./model.ts";

/** The apps of an ecosystem file, read as text: it is never executed. */
export function readPm2(source: Source): Pm2App[] | Unread {
  if (/\.ya?ml$/.test(source.path)) {
    const yaml = parseYaml(source);
    if ("reason" in yaml) return { file: source.path, reason: yaml.reason, line: yaml.line };
    return itemsOf(at(yaml, "apps")).map((item) => fromYaml(source, item));
  }
  const text = source.path.endsWith(".json") ? source.text : codeOf(source).plain;
  const start = /["']?\bapps["']?\s*[:=]\s*(?=\[)/.exec(text);
  const literals = start ? (readLiteral(source, text, start.index + start[0].length).items ?? []) : bare(source, text);
  return literals
    .filter((literal) => literal.keys?.has("script") || literal.keys?.has("name"))
    .map((literal) => fromLiteral(source, literal));
}

/** A file that holds one app, or a list of them, without `apps`. */
function bare(source: Source, text: string): Literal[] {
  const start = source.path.endsWith(".json") ? 0 : /(?:module\.exports\s*=|export default)\s*(?=[[{])/.exec(text);
  if (start === null) return [];
  const literal = readLiteral(source, text, start === 0 ? 0 : start.index + start[0].length);
  return literal.items ?? [literal];
}

function fromLiteral(source: Source, literal: Literal): Pm2App {
  const values = new Map<string, Pm2Value>();
  const env = new Map<string, Pm2Value>();
  for (const [name, value] of literal.keys ?? []) {
    if (/^env(_|$)/.test(name)) for (const [key, inner] of value.keys ?? []) env.set(key, { text: inner.text, place: inner.place });
    else values.set(name, { text: value.text, place: value.place });
  }
  return {
    source,
    name: values.get("name")?.text ?? values.get("script")?.text ?? "app",
    place: literal.place,
    values,
    env,
    open: literal.open,
  };
}

function fromYaml(source: Source, item: Yaml): Pm2App {
  const values = new Map<string, Pm2Value>();
  const env = new Map<string, Pm2Value>();
  for (const [name, { value }] of entriesOf(item)) {
    if (/^env(_|$)/.test(name))
      for (const [key, inner] of entriesOf(value)) env.set(key, { text: textOf(inner.value), place: inner.value.place });
    else values.set(name, { text: textOf(value), place: value.place });
  }
  return { source, name: values.get("name")?.text ?? "app", place: item.place, values, env, open: item.shared };
}

/** The app that Aplomo itself gives PM2, from aplomo.yml; its durations in milliseconds, with the defaults Aplomo has. */
export function pm2OfAplomo(aplomo: Yaml | undefined, source: Source | undefined): Pm2App[] {
  const target = at(aplomo, "target");
  if (!source || textOf(at(target, "kind")) !== "pm2" || !target) return [];
  const values = new Map<string, Pm2Value>();
  const place: Place = target.place;
  for (const [name, { value }] of entriesOf(target)) {
    const text = textOf(value);
    const duration = name.endsWith("_timeout") && text !== undefined ? parseDuration(/^\d+$/.test(text) ? Number(text) : text) : undefined;
    values.set(name, { text: duration === undefined ? text : String(duration), place: value.place });
  }
  if (!values.has("kill_timeout")) values.set("kill_timeout", { text: "5000", place });
  return [{ source, name: textOf(at(aplomo, "app")) ?? "app", place, values, env: new Map(), open: false }];
}
