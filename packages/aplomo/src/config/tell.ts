import { pathKey, pathText, type Path } from "./problem.ts";
import { shown } from "./secrecy.ts";
import type { Place, Tree } from "./tree.ts";

/** Adds a fault, unless one was told about the path or what is around it. */
export function tell(tree: Tree, path: Path, message: string, hint: string, at: "value" | "key" = "value"): void {
  if (isTold(tree, path)) return;
  const place = placeOf(tree, path);
  const present = tree.places.has(pathKey(path));
  tree.told.add(pathKey(path));
  const value = present ? found(tree, path) : null;
  tree.faults.push({ ...place[at], path: pathText(path), value, message: `${pathText(path) || "the file"} ${message}`, hint });
}

/** What stands at a path as an error may show it: before variables were put in, secrets masked. */
export function found(tree: Tree, path: Path): string {
  return shown(placeOf(tree, path).written ?? valueAt(tree.value, path), path);
}

/** Whether a path, or anything around it, has been reported. */
export function isTold(tree: Tree, path: Path): boolean {
  return path.length === 0 ? tree.told.has(pathKey([])) : tree.told.has(pathKey(path)) || isTold(tree, path.slice(0, -1));
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner === null || inner === undefined ? undefined : (inner as Record<string, unknown>)[key]),
    value,
  );
}

/** Where a path stands; when it is not in the file, the nearest thing around it that is. */
export function placeOf(tree: Tree, path: Path): Place {
  for (let length = path.length; length >= 0; length--) {
    const place = tree.places.get(pathKey(path.slice(0, length)));
    if (place) return length === path.length ? place : { ...place, value: place.key };
  }
  const start = { line: 1, column: 1 };
  return { value: start, key: start, written: null, variables: [] };
}

/** Whether a value has keys. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping at a path; an empty one when there is none. */
export function mapping(tree: Tree, path: Path): Record<string, unknown> {
  const value = valueAt(tree.value, path);
  return isMapping(value) ? value : (Object.create(null) as Record<string, unknown>);
}

/** The list at a path; an empty one when there is none. */
export function list(tree: Tree, path: Path): unknown[] {
  const value = valueAt(tree.value, path);
  return Array.isArray(value) ? value : [];
}
