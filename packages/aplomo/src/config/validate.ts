import { safeParse } from "valibot";
import type { Path } from "./problem.ts";
import { schema, type Settings } from "./schema.ts";
import { choose, inside, isOptional, root, unwrap, type Shape } from "./shape.ts";
import { isTold, placeOf, valueAt } from "./tell.ts";
import type { Tree } from "./tree.ts";
import { tellIssue, tellMissing, tellType, tellUnknown } from "./wording.ts";

/** Holds the tree against the schema. Faults go to the tree; settings come when there are none. */
export function validate(tree: Tree): Settings | undefined {
  checkShape(tree, tree.value, root, []);
  const result = safeParse(schema, tree.value);
  for (const issue of result.issues ?? []) {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    if (isTold(tree, path)) continue;
    tellIssue(tree, path, issue);
  }
  return result.success && tree.faults.length === 0 ? result.output : undefined;
}

/** Mappings, lists and known keys; valibot takes a list for a mapping and names one unknown key only. */
function checkShape(tree: Tree, value: unknown, outer: Shape, path: Path): void {
  if (value === undefined || isTold(tree, path)) return;
  const shape = unwrap(outer);
  const wantsMapping = shape.entries !== undefined || shape.value !== undefined || shape.type === "variant";
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  if (wantsMapping !== isMapping || (shape.item !== undefined) !== Array.isArray(value)) return tellType(tree, path, shape, value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (shape.item) checkShape(tree, item, shape.item, [...path, index]);
    return;
  }
  if (!isMapping) return readVariable(tree, value, shape, path);
  const chosen = choose(shape, value);
  if (!chosen) return;
  for (const [key, inner] of Object.entries(value)) {
    const expected = inside(chosen, key);
    if (expected) checkShape(tree, inner, expected, [...path, key]);
    else tellUnknown(tree, [...path, key], chosen);
  }
  for (const [key, entry] of Object.entries(chosen.entries ?? {})) {
    if (!(key in value) && !isOptional(entry)) tellMissing(tree, [...path, key], entry);
  }
}

/** A variable's value is text; where a number or a yes-or-no is asked for, the text is read as YAML would. */
function readVariable(tree: Tree, value: unknown, shape: Shape, path: Path): void {
  if (typeof value !== "string" || placeOf(tree, path).written === null) return;
  const holder = valueAt(tree.value, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) ?? "";
  if (shape.type === "number" && /^\s*-?\d+(\.\d+)?\s*$/.test(value)) holder[key] = Number(value);
  if (shape.type === "boolean" && /^(true|false)$/.test(value)) holder[key] = value === "true";
}
