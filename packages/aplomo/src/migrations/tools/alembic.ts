import { nothing, type Files, type MigrationTool } from "../contract.ts";

interface Revision {
  id: string;
  downs: string[];
}

/** Its table holds the last revision alone, or one of each branch; the rest are what the files say came before. */
export const alembic: MigrationTool = {
  name: "alembic",
  tables: [{ table: "alembic_version", columns: ["version_num"] }],
  owns: (files) => revisionsOf(files).length > 0,
  compare([rows], files) {
    const heads = (rows ?? []).map((row) => String(row["version_num"]));
    if (files === null) return { ...nothing, applied: heads };
    const revisions = inOrder(revisionsOf(files));
    const applied = withAncestors(heads, revisions);
    const names = revisions.map(({ id }) => id);
    return {
      ...nothing,
      applied: names.filter((id) => applied.has(id)),
      pending: names.filter((id) => !applied.has(id)),
      missing: heads.filter((id) => !names.includes(id)),
    };
  },
  repair: "",
};

function revisionsOf(files: Files): Revision[] {
  return Object.keys(files)
    .filter((path) => path.endsWith(".py"))
    .sort()
    .flatMap((path) => {
      const text = files[path]?.toString("utf8") ?? "";
      const id = /^revision(?:\s*:[^=\n]+)?\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
      const down = /^down_revision(?:\s*:[^=\n]+)?\s*=\s*(\([^)]*\)|\[[^\]]*\]|[^\n#]+)/m.exec(text)?.[1];
      return id === undefined || down === undefined
        ? []
        : [{ id, downs: [...down.matchAll(/["']([^"']+)["']/g)].map(([, one = ""]) => one) }];
    });
}

/** Every revision behind those it stands on. */
function inOrder(revisions: readonly Revision[]): Revision[] {
  const ordered: Revision[] = [];
  const placed = new Set<string>();
  const place = (revision: Revision): void => {
    if (placed.has(revision.id)) return;
    placed.add(revision.id);
    for (const down of revisions.filter(({ id }) => revision.downs.includes(id))) place(down);
    ordered.push(revision);
  };
  for (const revision of revisions) place(revision);
  return ordered;
}

function withAncestors(heads: readonly string[], revisions: readonly Revision[]): Set<string> {
  const found = new Set<string>();
  const left = [...heads];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...(revisions.find((revision) => revision.id === id)?.downs ?? []));
  }
  return found;
}
