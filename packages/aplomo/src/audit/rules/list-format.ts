import { programs, search } from "../ask/code.ts";
import { expand } from "../../config/interpolate.ts";
import type { Found, Rule } from "../rule.ts";

export const listFormat: Rule = {
  id: "list-format",
  title: "a list is written one way and read another",
  area: "environment",
  severity: "error",
  why: "`A,B` is no JSON: the application ends at its first line; and JSON split at its commas gives names with brackets and quotes in them, which match nothing: every request is refused",
  incident: "I7: a list of hosts was JSON where the application read comma-separated values",
  needs: ["code"],
  example: {
    ".env": 'ALLOWED_HOSTS=«a.example,b.example¦["a.example","b.example"]»\n',
    "server.js": "process.on('SIGTERM', stop);\nconst hosts = JSON.parse(process.env.ALLOWED_HOSTS);\n",
  },
  check: (model) => {
    const files = programs(model);
    const json = search(files, "JSON.parse", /JSON\.parse\(\s*process\.env(?:\.([A-Z]\w*)|\[["'](\w+)["']\])/g);
    const python = search(
      files,
      "json.loads",
      /json\.loads\(\s*os\.(?:environ\[["'](\w+)["']\]|(?:environ\.get|getenv)\(\s*["'](\w+)["'])/g,
    );
    const csv = search(
      files,
      "split",
      /process\.env(?:\.([A-Z]\w*)|\[["'](\w+)["']\])\s*(?:\?|!)?\s*(?:(?:\|\||\?\?)\s*["'][^"']*["']\s*\)?\s*)?\.?\s*(?:\?\.)?\.?split\(\s*["'],["']/g,
    );
    const csvPython = search(
      files,
      "split",
      /os\.(?:environ\[["'](\w+)["']\]|(?:environ\.get|getenv)\(\s*["'](\w+)["'][^)\n]*\))\.split\(\s*["'],["']/g,
    );
    const values = valuesOf(model);
    const wrong = (found: typeof json, reads: "json" | "csv"): Found[] =>
      found.flatMap(({ match, place }) => {
        const name = match[1] ?? match[2] ?? "";
        return (values.get(name) ?? []).flatMap((one): Found[] => {
          const text = one.text.trim();
          const isJson = /^[[{"]/.test(text);
          const isList = text.includes(",");
          if (text === "" || (reads === "json" ? isJson || !isList : !/^\[.*\]$/s.test(text))) return [];
          return [
            {
              place: one.place,
              message:
                reads === "json"
                  ? `${name} is comma-separated here, and the application reads JSON`
                  : `${name} is JSON here, and the application splits it at its commas`,
              hint:
                reads === "json"
                  ? `write ${name}=["a","b"], or split at commas in the code`
                  : `write ${name}=a,b without brackets and quotes`,
              related: [{ place, message: "read here" }],
            },
          ];
        });
      });
    return [...wrong([...json, ...python], "json"), ...wrong([...csv, ...csvPython], "csv")];
  },
};

function valuesOf(model: Parameters<Rule["check"]>[0]): Map<string, { text: string; place: Found["place"] }[]> {
  const all = new Map<string, { text: string; place: Found["place"] }[]>();
  const add = (name: string, text: string, place: Found["place"]): void => void all.set(name, [...(all.get(name) ?? []), { text, place }]);
  for (const file of model.envFiles) for (const [name, { value, place }] of file.variables) add(name, value, place);
  for (const service of model.services)
    for (const [name, { text, place }] of service.environment) if (text !== undefined) add(name, expand(text, service.project.env), place);
  for (const app of model.pm2) for (const [name, { text, place }] of app.env) if (text !== undefined) add(name, text, place);
  return all;
}
