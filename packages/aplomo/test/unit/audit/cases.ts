import { readFileSync } from "node:fs";
import { join } from "node:path";
import { audit, type Audit } from "../../../src/audit/audit.ts";
import { loadModel } from "../../../src/audit/model/load.ts";
import { exampleFiles, type Example, type Rule } from "../../../src/audit/rule.ts";
import { memoryTree } from "../../../src/audit/tree/memory.ts";
import { root } from "../../support/root.ts";

export interface Case {
  name: string;
  files: Example;
  /** It has no hole: it must be silent as it is. */
  isTrap: boolean;
}

export const folder: string = join(root, "packages/aplomo/test/fixtures/audit");

/** The cases of a rule: its own example, and those of its fixture file. */
export function casesOf(rule: Rule): Case[] {
  const own = { name: "the rule's own example", files: rule.example, isTrap: false };
  const text = readFileSync(join(folder, `${rule.id}.txt`), "utf8");
  const parts = text.split(/^=== /m).slice(1);
  const others = parts.map((part) => {
    const [name = "", ...files] = part.split(/^--- /m);
    const made = files.map((file) => {
      const end = file.indexOf("\n");
      // A carriage return cannot be seen in a file: it is written as \r.
      return [file.slice(0, end).trim(), file.slice(end + 1).replaceAll("\\r", "\r")] as const;
    });
    return { name: name.trim(), files: Object.fromEntries(made), isTrap: name.startsWith("good:") };
  });
  return [own, ...others];
}

export function auditFiles(files: Record<string, string>, rules: readonly Rule[]): Audit {
  return audit(loadModel(memoryTree(files)), rules);
}

export function found(rule: Rule, files: Example, side: "bad" | "good"): string[] {
  return auditFiles(exampleFiles(files, side), [rule]).findings.map(
    ({ place, message }) => `${place.file}:${place.line}:${place.column} ${message}`,
  );
}
