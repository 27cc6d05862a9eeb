import type { BaseIssue } from "valibot";
import { nearest } from "./nearest.ts";
import { pathKey, type Path } from "./problem.ts";
import { alternatives, choose, describe, inside, root, words, type Shape } from "./shape.ts";
import { found, placeOf, tell, valueAt } from "./tell.ts";
import type { Tree } from "./tree.ts";

/** A key that must be there is not. */
export function tellMissing(tree: Tree, path: Path, shape: Shape): void {
  const about = describe(shape) ?? (words(shape).length > 0 ? `one of ${words(shape).join(", ")}.` : "");
  const hint = `Add \`${String(path.at(-1))}:\`${about === "" ? "" : ` (${about.replace(/\.$/, "")})`}`;
  tell(tree, path, "is missing", hint);
}

/** A key nobody knows. */
export function tellUnknown(tree: Tree, path: Path, shape: Shape): void {
  const key = String(path.at(-1));
  const known = Object.keys(shape.entries ?? {});
  const near = nearest(key, known);
  const hint =
    key === "<<"
      ? "Merge keys are not read; write the keys out"
      : near === undefined
        ? `Use one of ${known.join(", ")}`
        : `Did you mean ${near}?`;
  tell(tree, path, "is not a known key", hint, "key");
}

const phrases: Record<string, string> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  integer: "a whole number",
  array: "a list",
};

function phrase(shape: Shape): string {
  return phrases[shape.type] ?? (shape.type === "union" ? ((shape as { message?: string }).message ?? "text") : "a mapping");
}

/** A list where a mapping is wanted, and the like. */
export function tellType(tree: Tree, path: Path, shape: Shape, value: unknown): void {
  const list = words(shape);
  const wanted = list.length > 0 ? `one of ${list.join(", ")}` : phrase(shape);
  if (value === null) return tell(tree, path, "is empty", `Write ${wanted}, or remove the key`);
  tell(tree, path, `is ${found(tree, path)}, not ${wanted}`, typeHint(shape, value, wanted));
}

function typeHint(shape: Shape, value: unknown, wanted: string): string {
  if (wanted === "a mapping")
    return Array.isArray(value) ? "Write `name: value` in place of the list" : "Write its keys below it, indented";
  if (wanted === "a list") return "Write [first, second], or a line with `- ` for each item";
  if (shape.type === "string" && typeof value !== "object") return "Put it in quotes";
  if (shape.type === "number" && typeof value === "string" && /^\d+$/.test(value)) return "Remove the quotes";
  return writeHint(wanted);
}

/** What valibot found, in words. */
export function tellIssue(tree: Tree, path: Path, issue: BaseIssue<unknown>): void {
  const shape = shapeAt(tree, path);
  const value = valueAt(tree.value, path);
  const place = placeOf(tree, path);
  if (issue.path?.at(-1)?.origin === "key") return tell(tree, path, `is not ${issue.message}`, "Rename it", "key");
  if (issue.kind === "schema" && shape?.type === "variant") return tellKind(tree, path, shape);
  const list = shape ? words(shape) : [];
  if (list.length > 0) return tellWord(tree, path, list, value);
  const wanted = issue.kind === "schema" ? phrase(shape ?? root) : wording(issue);
  if (place.written !== null) {
    const names = place.variables.map((variable) => variable.name).join(", ");
    return tell(tree, path, `is ${found(tree, path)}, whose value is not ${wanted}`, `Correct ${names}`);
  }
  if (issue.kind === "schema" && shape) return tellType(tree, path, shape, value);
  tell(tree, path, `is ${found(tree, path)}, not ${wanted}`, writeHint(wanted));
}

/** `Write for example 10s`, or all that is wanted. */
function writeHint(wanted: string): string {
  const example = /such as ([^\s,]+)/.exec(wanted)?.[1];
  return `Write ${example === undefined ? wanted : `for example ${example}`}`;
}

/** Our own message, or valibot's rule in words. */
function wording(issue: BaseIssue<unknown>): string {
  const limit = String(issue.requirement);
  if (issue.type === "integer") return phrases["integer"] ?? "";
  if (issue.message.startsWith("Invalid ")) return issue.type === "min_value" ? `${limit} or more` : `${limit} or less`;
  return issue.message;
}

function tellKind(tree: Tree, path: Path, shape: Shape): void {
  const list = alternatives(shape).flatMap((option) => words(option.entries?.["kind"] ?? option));
  if (tree.places.has(pathKey(path))) return tellWord(tree, path, list, valueAt(tree.value, path));
  tell(tree, path, "is missing", `Add \`kind:\` (one of ${list.join(", ")})`);
}

function tellWord(tree: Tree, path: Path, list: string[], value: unknown): void {
  if (value === null) return tell(tree, path, "is empty", `Write one of ${list.join(", ")}`);
  const near = typeof value === "string" && placeOf(tree, path).written === null ? nearest(value, list) : undefined;
  const hint = near === undefined ? `Write one of ${list.join(", ")}` : `Did you mean ${near}? Allowed: ${list.join(", ")}`;
  tell(tree, path, `is ${found(tree, path)}, not one of ${list.join(", ")}`, hint);
}

function shapeAt(tree: Tree, path: Path): Shape | undefined {
  let shape: Shape | undefined = root;
  let value = tree.value;
  for (const key of path) {
    const chosen: Shape | undefined = shape && choose(shape, value);
    if (!chosen) return shape;
    shape = inside(chosen, key);
    value = valueAt(value, [key]);
  }
  return shape;
}
