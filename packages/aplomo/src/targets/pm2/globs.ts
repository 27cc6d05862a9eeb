/**
 * True for paths a pattern of `target.exclude` means, as in .gitignore: `*` and `?` stop at a slash, `**` does not; without a
 * slash inside, the pattern means that name in every folder; a folder that matches is left out with all that is in it.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns
    .map((pattern) => pattern.replace(/^\.\//, "").replace(/\/+$/, ""))
    .filter(Boolean)
    .map(expression);
  return (path) => expressions.some((one) => one.test(path));
}

function expression(pattern: string): RegExp {
  const anchored = pattern.includes("/");
  const body = pattern.replace(/^\//, "").replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, translate);
  return new RegExp(`^${anchored ? "" : "(?:.*/)?"}${body}(?:/.*)?$`);
}

function translate(part: string): string {
  switch (part) {
    case "**/":
      return "(?:.*/)?";
    case "**":
      return ".*";
    case "*":
      return "[^/]*";
    case "?":
      return "[^/]";
    default:
      return `\\${part}`;
  }
}
