/** A word of a unit file: quoted, and without the specifiers and variables systemd would replace. */
export function quoteUnit(word: string): string {
  return `"${escapeUnit(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "$$$$")}"`;
}

export function escapeUnit(word: string): string {
  return word.replaceAll("%", "%%");
}
