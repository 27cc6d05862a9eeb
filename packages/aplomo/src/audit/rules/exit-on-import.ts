import { blockAround, isTopLevel, programs, search } from "../ask/code.ts";
import { folderOf, joinPath } from "../model/kinds.ts";
import { closingBracket, type Code } from "../read/code.ts";
import type { Found, Rule } from "../rule.ts";

export const exitOnImport: Rule = {
  id: "exit-on-import",
  title: "importing a module ends the process",
  area: "start",
  severity: "error",
  why: "a script that calls process.exit() when it is done ends whatever imports it: the server comes up, says Ready, and ends with exit code 0, again and again",
  incident: "I4: a server's bundle held a script that ended with process.exit(0): it looped between Ready and Complete",
  needs: ["code"],
  example: {
    "refresh.js":
      "export async function refresh() {}\n«refresh().then(() => process.exit(0));¦if (import.meta.url === `file://${process.argv[1]}`) refresh().then(() => process.exit(0));»\n",
    "server.js": "import { refresh } from './refresh.js';\nrefresh().then(listen);\n",
  },
  check: (model) => {
    const files = programs(model).filter((code) => code.language === "js");
    const exits = search(files, "process.exit", /\bprocess\.exit\s*\(/g, "bare");
    if (exits.length === 0) return [];
    const imported = importedFiles(files);
    const told = new Set<Code>();
    return exits.flatMap(({ code, match, place }): Found[] => {
      const importer = imported.get(withoutEnd(code.source.path));
      if (!importer || told.has(code)) return [];
      // Whoever starts it by itself may end it: the guard makes the difference.
      if (
        /require\.main\s*={2,3}\s*module|import\.meta\.(main|url)|isMain|esMain|process\.argv\[1\]|import\.meta\.filename/.test(code.plain)
      )
        return [];
      if (!runsOnImport(code, match.index)) return [];
      told.add(code);
      return [
        {
          place,
          message: `${importer.path} imports this module, and importing it runs to process.exit()`,
          hint: "guard it: run only when the file itself was started (import.meta.url, require.main === module), or move what is shared into a module of its own",
          related: [{ place: importer.at(importer.start, importer.end), message: "imports it" }],
        },
      ];
    });
  },
};

interface Importer {
  path: string;
  start: number;
  end: number;
  at: Code["source"]["at"];
}

/** Files that another one imports, by path without its end. */
function importedFiles(files: readonly Code[]): Map<string, Importer> {
  const found = new Map<string, Importer>();
  for (const { code, match } of search(files, /\.\.?\//, /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'](\.\.?\/[^"']+)["']/g)) {
    const target = joinPath(folderOf(code.source.path), match[1] ?? "");
    if (
      target === undefined ||
      /\bimport\s+type\b/.test(
        code.plain
          .slice(Math.max(0, match.index - 80), match.index + 8)
          .split("\n")
          .at(-1) ?? "",
      )
    )
      continue;
    for (const path of [withoutEnd(target), `${target}/index`]) {
      if (!found.has(path) && path !== withoutEnd(code.source.path))
        found.set(path, {
          path: code.source.path,
          start: match.index,
          end: match.index + match[0].length,
          at: (from, to) => code.source.at(from, to),
        });
    }
  }
  return found;
}

function withoutEnd(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}

/** Whether an offset is reached by loading the file: at its top, in a callback of what is called there, or in a function called there. */
function runsOnImport(code: Code, offset: number): boolean {
  const { bare } = code;
  if (isTopLevel(bare, offset)) return !isConditional(bare, offset);
  const block = blockAround(bare, offset);
  if (!block || !isTopLevel(bare, block.start - 1)) return false;
  const head = bare.slice(Math.max(0, block.start - 200), block.start - 1);
  // `main().then(() => { process.exit(0) })` at the top; a signal's or error's handler ends on purpose.
  const line =
    code.plain
      .slice(0, block.start)
      .split(/\n(?=\S)/)
      .at(-1) ?? "";
  if (
    /\b(on|once|addListener|addEventListener|setTimeout|setInterval|catch)\s*\([^()]*(\([^()]*\)\s*=>|function\s*\w*\s*\([^)]*\))?\s*$/.test(
      line.replace(/\{$/, ""),
    ) ||
    /process\.(on|once)\b/.test(line)
  )
    return false;
  if (
    /\.(then|finally)\s*\(\s*(async\s*)?(\([^()]*\)|\w+)\s*=>\s*$|\.(then|finally)\s*\(\s*(async\s+)?function\s*\w*\s*\([^)]*\)\s*$/.test(
      head,
    )
  )
    return true;
  const name =
    /(?:async\s+)?function\s+(\w+)\s*\([^)]*\)\s*(?::[^{]*)?$/.exec(head)?.[1] ??
    /(?:const|let|var)\s+(\w+)\s*=\s*(?:async\s*)?\([^()]*\)\s*(?::[^{=]*)?=>\s*$/.exec(head)?.[1];
  if (name === undefined) return false;
  const calls = [...bare.matchAll(new RegExp(`(?:^|[;\\n}])\\s*(?:void\\s+|await\\s+)?${name}\\s*\\(`, "g"))];
  // Only what it comes to anyhow: an exit inside a condition of the function is its own affair.
  const rest = bare.slice(block.start, offset);
  return (
    calls.some((call) => isTopLevel(bare, call.index + call[0].length)) &&
    !/\bif\s*\([^{}]*$|\bcatch\b/.test(rest.slice(-200)) &&
    closingBracket(bare, block.start - 1) > offset
  );
}

/** `if (...) process.exit(1)` at the top checks something before it starts. */
function isConditional(bare: string, offset: number): boolean {
  const statement =
    bare
      .slice(0, offset)
      .split(/[;}]|\n\s*\n/)
      .at(-1) ?? "";
  return /\b(if|else|case)\b|&&|\|\||\?|\bcatch\b|\.(on|once|catch)\s*\(/.test(statement);
}
