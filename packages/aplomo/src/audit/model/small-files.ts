import type { Source } from "../place.ts";
import { readLiteral } from "../read/literal.ts";
import type { Unread } from "../tree/tree.ts";
import { folderOf, nameOf } from "./kinds.ts";
import type { EnvFile, Package, PrismaSchema } from "./model.ts";

/** package.json; its scripts keep their place. */
export function readPackage(source: Source): Package | Unread {
  try {
    JSON.parse(source.text);
  } catch {
    return { file: source.path, reason: "it is not JSON" };
  }
  const root = readLiteral(source, source.text, 0);
  const scripts = [...(root.keys?.get("scripts")?.keys ?? [])].map(
    ([name, { text, place }]) => [name, { text: unescape(text ?? ""), place }] as const,
  );
  const named = (key: string): string[] => [...(root.keys?.get(key)?.keys?.keys() ?? [])];
  return {
    source,
    folder: folderOf(source.path),
    name: root.keys?.get("name")?.text ?? "",
    scripts: new Map(scripts),
    dependencies: new Set([...named("dependencies"), ...named("optionalDependencies")]),
    developmentOnly: new Set(named("devDependencies")),
  };
}

/** `\"` and `\\` of a JSON text, each as long as before, so that offsets stay true: a blank takes the backslash's place. */
function unescape(text: string): string {
  return text.replace(/\\(["\\/])/g, " $1");
}

/** An env file: `NAME=value` lines; what is in quotes may hold several lines. Nothing of it is ever shown. */
export function readEnv(source: Source): EnvFile {
  const name = nameOf(source.path);
  const example = /example|sample|template|dist|defaults?/.test(name);
  const variables: EnvFile["variables"] = new Map();
  const pattern = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[^\r\n]*)/gm;
  for (const match of source.text.matchAll(pattern)) {
    const raw = match[2] ?? "";
    const value = /^(["']).*\1$/s.test(raw) ? raw.slice(1, -1) : raw.replace(/(^|\s+)#.*$/, "").trim();
    const start = match.index + match[0].length - raw.length;
    variables.set(match[1] ?? "", { value, place: source.at(match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0), start + raw.length) });
  }
  return { source, example, variables };
}

const scalars = /^(String|Int|BigInt|Float|Decimal|Boolean|DateTime|Json|Bytes|Unsupported\b.*)$/;

/** A Prisma schema: its provider, and the columns its models need. */
export function readPrisma(source: Source): PrismaSchema {
  // Comments become blanks; offsets stay.
  const text = source.text.replace(/\/\/[^\n]*/g, (comment) => " ".repeat(comment.length));
  // A bracket may stand in a default: over several lines a block ends where a line begins with one.
  const blocks = [
    ...text.matchAll(/^[ \t]*(datasource|model|enum|view|type|generator)\s+(\w+)\s*\{([^\n}]*(?=\})|[\s\S]*?(?=^[ \t]*\}))/gm),
  ];
  const enums = new Set(blocks.filter(([, kind]) => kind === "enum").map(([, , name = ""]) => name));
  const datasource = blocks.find(([, kind]) => kind === "datasource");
  const provider = datasource && /\bprovider\s*=\s*"(\w+)"/.exec(datasource[0]);
  const url = datasource && /\burl\s*=[^\n]*/.exec(datasource[0]);
  const models = blocks
    .filter(([, kind, , body = ""]) => kind === "model" && !/@@ignore/.test(body))
    .map((match) => {
      const [whole, , name = "", body = ""] = match;
      const start = match.index + whole.length - body.length;
      const columns = [...body.matchAll(/^[ \t]*(\w+)[ \t]+(\w+(?:\("[^"]*"\))?)(\[\])?\??([^\n]*)$/gm)].flatMap((field) => {
        const [, column = "", type = "", list, rest = ""] = field;
        if (!(scalars.test(type) || enums.has(type)) || /@ignore/.test(rest)) return [];
        void list;
        const mapped = /@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(rest)?.[1];
        const offset = start + field.index + field[0].length - field[0].trimStart().length;
        return [{ name: mapped ?? column, place: source.at(offset, offset + column.length) }];
      });
      const table = /@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(body)?.[1] ?? name;
      const at = match.index + whole.indexOf(name, whole.indexOf("model") + 5);
      return { name, table, place: source.at(at, at + name.length), columns };
    });
  return {
    source,
    folder: folderOf(source.path),
    provider:
      provider && datasource
        ? {
            text: provider[1] ?? "",
            place: source.at(datasource.index + provider.index, datasource.index + provider.index + provider[0].length),
          }
        : undefined,
    hasDirectUrl: /\bdirectUrl\s*=/.test(datasource?.[0] ?? ""),
    url: url && datasource ? source.at(datasource.index + url.index, datasource.index + url.index + url[0].length) : undefined,
    models,
  };
}
