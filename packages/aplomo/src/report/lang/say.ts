/**
 * Says something in the reader's language: a sentence of this room's own, say`release ${id}`, or one that was made elsewhere and came
 * as data, say(message). What stands in a hole of the first is left as it is; what a hole of the second holds is said in turn.
 */
export interface Say {
  (strings: TemplateStringsArray, ...values: readonly unknown[]): string;
  (sentence: string): string;
}

/** From an English sentence to another language's. `{}` stands for what differs; `{2}` where the order does. */
export type Catalogue = Readonly<Record<string, string>>;

export const english: Say = (text: TemplateStringsArray | string, ...values: readonly unknown[]): string =>
  typeof text === "string" ? text : String.raw({ raw: text }, ...values);

/** Where a text that no entry knows falls into others. */
const joints = ["\n", "; ", ": ", ", "];

/** What the catalogue lacks is said in English: a sentence that is only half understood is worse than a foreign one. */
export function speaker(catalogue: Catalogue): Say {
  const patterns = Object.keys(catalogue)
    .filter((key) => key.includes("{}"))
    // What says more is asked first.
    .sort((a, b) => b.replaceAll("{}", "").length - a.replaceAll("{}", "").length)
    .map((key) => ({ key, pattern: new RegExp(`^${key.split("{}").map(escaped).join("([^]+?)")}$`) }));
  const fill = (key: string, values: readonly string[]): string => {
    let next = 0;
    return (catalogue[key] ?? key).replace(/\{(\d*)\}/g, (_hole, place: string) => values[place === "" ? next++ : Number(place) - 1] ?? "");
  };
  // A single word is a name: a database may be called `data`.
  const part = (text: string): string => (text.includes(" ") ? sentence(text) : text);
  const sentence = (text: string): string => {
    const known = Object.hasOwn(catalogue, text) ? catalogue[text] : undefined;
    if (known !== undefined) return known;
    for (const { key, pattern } of patterns) {
      const [, ...parts] = pattern.exec(text) ?? [];
      if (parts.length > 0) return fill(key, parts.map(part));
    }
    const joint = joints.find((one) => text.includes(one));
    return joint === undefined ? text : text.split(joint).map(part).join(joint);
  };
  return (text: TemplateStringsArray | string, ...values: readonly unknown[]): string =>
    typeof text === "string" ? sentence(text) : fill(text.join("{}"), values.map(String));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
