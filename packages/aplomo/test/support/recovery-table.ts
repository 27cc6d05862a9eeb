import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./root.ts";

/** What one scenario at one moment came to. */
export interface Cell {
  scenario: string;
  moment: string;
  /** Of the command that was under way. */
  code: string;
  reached: string;
  /** Rows that somebody was told are written, meanwhile. */
  written: number;
  lost: number;
  lock: string;
}

const page = join(root, "docs/RECOVERY.md");

/** Puts them into the page, between its marks. */
export async function writeRecovery(cells: readonly Cell[]): Promise<void> {
  const line = (texts: readonly unknown[]): string => `| ${texts.join(" | ")} |`;
  const head = ["scenario", "phase", "the command ended with", "state reached", "rows written meanwhile", "rows lost", "lock"];
  const table = [line(head), line(head.map(() => "---")), ...cells.map((cell) => line(Object.values(cell)))].join("\n");
  const text = await readFile(page, "utf8");
  const next = text.replace(/(<!-- cells -->)[^]*(<!-- end -->)/, (_, from, to) => `${from}\n\n${table}\n\n${to}`);
  await writeFile(page, next);
}
