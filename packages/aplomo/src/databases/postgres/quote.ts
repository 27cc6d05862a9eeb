/** A name as SQL takes it, whatever is in it. */
export function identifier(name: string): string {
  if (name.includes("\0")) throw new Error("a name cannot hold a NUL");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A schema-qualified name. */
export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** A text as SQL takes it, with any setting of standard_conforming_strings, and inert to psql. */
export function literal(text: string): string {
  if (text.includes("\0")) throw new Error("a text cannot hold a NUL");
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? `E${quoted}` : quoted;
}

/** How a table is called in counts: bare in `public`, else `schema.table`; quoted where a dot or quote would mislead. */
export function tableKey(schema: string, table: string): string {
  return schema === "public" ? plain(table) : `${plain(schema)}.${plain(table)}`;
}

function plain(name: string): string {
  return /[."]/.test(name) ? identifier(name) : name;
}

/** Reads `schema.table` or `"sche""ma".table` at the start of a text; undefined when there is none. */
export function parseQualified(text: string): { schema: string; name: string } | undefined {
  const match = /^("(?:[^"]|"")*"|[^".\s(]+)\.("(?:[^"]|"")*"|[^".\s(;]+)/.exec(text);
  return match ? { schema: unquote(match[1] ?? ""), name: unquote(match[2] ?? "") } : undefined;
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Settings whose value is a list of names; the catalogue stores them already quoted. The server's GUC_LIST_QUOTE. */
const lists = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/** `SET name TO value` for an entry of pg_db_role_setting (`name=value`). */
export function settingClause(entry: string): string {
  const at = entry.indexOf("=");
  const name = entry.slice(0, at);
  const value = entry.slice(at + 1);
  const values = lists.has(name.toLowerCase()) ? splitList(value) : [value];
  // An empty list is written as one empty string.
  const written = values.length === 0 ? "''" : values.map(literal).join(", ");
  // A setting of an extension is `prefix.name`: each half is a name.
  return `SET ${name.split(".").map(identifier).join(".")} TO ${written}`;
}

function splitList(value: string): string[] {
  return [...value.matchAll(/\s*("(?:[^"]|"")*"|[^,"]+)\s*(?:,|$)/g)].map((match) => unquote((match[1] ?? "").trim()));
}
