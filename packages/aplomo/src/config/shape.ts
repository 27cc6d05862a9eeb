import { schema } from "./schema.ts";

/** What a valibot schema says about one place of the file; optional and default are looked through. */
export interface Shape {
  type: string;
  /** Keys of a strict mapping. */
  entries?: Record<string, Shape>;
  /** Of a mapping with free names: what each value is. */
  value?: Shape;
  /** What each item of a list is. */
  item?: Shape;
  /** Alternatives, or the words of a picklist. */
  options?: readonly (Shape | string)[];
  literal?: string;
  wrapped?: Shape;
  pipe?: readonly { type: string; description?: string; pipe?: Shape["pipe"] }[];
}

/** The whole file. */
export const root: Shape = schema;

/** The shape without its optionality. */
export function unwrap(shape: Shape): Shape {
  return shape.wrapped ? unwrap(shape.wrapped) : shape;
}

/** Whether a key of this shape may be left out. */
export function isOptional(shape: Shape): boolean {
  return shape.wrapped !== undefined;
}

/** The alternative of a variant that `value` chooses by its kind; any other shape as it is. */
export function choose(shape: Shape, value: unknown): Shape | undefined {
  if (shape.type !== "variant") return shape;
  const kind = (value as { kind?: unknown } | null)?.kind;
  return alternatives(shape).find((option) => option.entries?.["kind"]?.literal === kind);
}

/** The alternatives of a variant. */
export function alternatives(shape: Shape): Shape[] {
  return (shape.options ?? []).filter((option) => typeof option !== "string");
}

/** The words of a picklist, or of a variant's kind. */
export function words(shape: Shape): string[] {
  if (shape.type !== "picklist") return shape.literal === undefined ? [] : [shape.literal];
  return (shape.options ?? []).filter((option) => typeof option === "string");
}

/** The shape of what stands under a key or position; undefined when there is no such key. */
export function inside(shape: Shape, key: string | number): Shape | undefined {
  const entry = shape.entries && Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
  const inner = shape.entries ? entry : (shape.value ?? shape.item);
  return inner && unwrap(inner);
}

/** The sentence that says what it is for. */
export function describe(shape: Shape): string | undefined {
  const items = unwrap(shape).pipe ?? [];
  return items.find((item) => item.type === "description")?.description;
}

/** Every key the file may have, in order: `env.require.*.min_length`, `smoke[].get`. A key that two kinds share comes twice. */
export function everyKey(shape: Shape = root, path = ""): { path: string; shape: Shape; kind: string | null }[] {
  const found: { path: string; shape: Shape; kind: string | null }[] = [];
  const plain = unwrap(shape);
  for (const option of plain.type === "variant" ? alternatives(plain) : []) {
    const kind = option.entries?.["kind"]?.literal ?? null;
    found.push(...everyKey(option, path).map((key) => ({ ...key, kind })));
  }
  for (const [key, entry] of Object.entries(plain.entries ?? {})) {
    const inner = path === "" ? key : `${path}.${key}`;
    found.push({ path: inner, shape: entry, kind: null }, ...everyKey(entry, inner));
  }
  if (plain.value) found.push(...everyKey(plain.value, `${path}.*`));
  if (plain.item) found.push(...everyKey(plain.item, `${path}[]`));
  return found;
}
