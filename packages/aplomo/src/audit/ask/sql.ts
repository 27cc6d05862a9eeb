import { folderOf } from "../model/kinds.ts";
import type { Model } from "../model/model.ts";
import type { Place, Source } from "../place.ts";

/** Of each folder of migrations the newest: by name, as tools apply them. What is undone (`down`) does not count. */
export function newest(model: Model): Source[] {
  const groups = new Map<string, Source>();
  for (const source of model.sql) {
    if (/(^|[._/-])(down|rollback|undo|revert)([._/-]|$)/i.test(source.path)) continue;
    const folder = folderOf(source.path);
    // prisma/migrations/<name>/migration.sql: the folder is the migration.
    const group = source.path.endsWith("/migration.sql") ? folderOf(folder) : folder;
    const known = groups.get(group);
    if (!known || source.path.localeCompare(known.path, "en", { numeric: true }) > 0) groups.set(group, source);
  }
  return [...groups.values()];
}

/** Statements without comments; strings and `$$` bodies hold no end of one. */
export function statements(source: Source): { text: string; place: Place }[] {
  const hidden = source.text.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (comment) => comment.replace(/[^\n]/g, " "));
  const cut = hidden.replace(/'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g, (body) => body.replace(/;/g, ","));
  const found: { text: string; place: Place }[] = [];
  let from = 0;
  for (const part of cut.split(";")) {
    const text = hidden.slice(from, from + part.length);
    const start = from + (/^\s*/.exec(text)?.[0].length ?? 0);
    if (text.trim() !== "") found.push({ text, place: source.at(start, from + part.length) });
    from += part.length + 1;
  }
  return found;
}
