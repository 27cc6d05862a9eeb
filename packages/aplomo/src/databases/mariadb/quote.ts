/** A name as SQL takes it, whatever is in it. */
export function identifier(name: string): string {
  if (name.includes("\0")) throw new Error("a name cannot hold a NUL");
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A table of a certain database. */
export function qualified(database: string, name: string): string {
  return `${identifier(database)}.${identifier(name)}`;
}

/** A text as SQL takes it in our sessions, where a backslash escapes. */
export function literal(text: string): string {
  if (text.includes("\0")) throw new Error("a text cannot hold a NUL");
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Reads a quoted name at the start of a text; undefined when there is none. */
export function parseIdentifier(text: string): { name: string; length: number } | undefined {
  const match = /^`((?:[^`]|``)*)`/.exec(text);
  return match ? { name: (match[1] ?? "").replaceAll("``", "`"), length: match[0].length } : undefined;
}
