import type { Found, Rule } from "../rule.ts";

export const variableSyntax: Rule = {
  id: "variable-syntax",
  title: "a variable's default is written wrongly",
  area: "environment",
  severity: "error",
  why: "`${NAME?:-x}` is read as: refuse without NAME, with the message `:-x`; the default is never used, and compose does not start",
  needs: ["compose"],
  example: { "compose.yml": "services:\n  web:\n    image: registry.example/web:1\n    environment:\n      WORKERS: ${WORKERS«?¦»:-2}\n" },
  check: (model) =>
    [...new Set(model.projects.flatMap((project) => project.files))].flatMap((path): Found[] => {
      const source = model.sources.get(path);
      if (!source) return [];
      return [...source.text.matchAll(/(?<!\$)\$\{([A-Za-z_]\w*)(\?:-|\?-|:\?-(?=[^}\s]*\})|:=|=)/g)].flatMap((match): Found[] => {
        const line = source.line(source.at(match.index).line);
        if (/^\s*#/.test(line) || (match[2] === ":?-" && false)) return [];
        const place = source.at(match.index, match.index + match[0].length);
        const sign = match[2] ?? "";
        if (sign === ":?-") return [];
        return [
          {
            place,
            message: sign.includes("=")
              ? `compose does not know \`${sign}\` in \${${match[1]}${sign}...}`
              : `\${${match[1]}${sign}...} has no default: what is behind the ? is its error message`,
            hint: `write \${${match[1]}:-...} for a default, or \${${match[1]}:?...} to refuse without it`,
          },
        ];
      });
    }),
};
