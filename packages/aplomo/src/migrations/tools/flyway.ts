import { crc32 } from "node:zlib";
import { compareByName, type Written } from "../compare.ts";
import type { Files, MigrationTool } from "../contract.ts";

const versioned = /(?:^|\/)V([0-9][0-9._]*)__(.+)\.sql$/;
const repeatable = /(?:^|\/)R__(.+)\.sql$/;

/** A repeatable migration whose file has changed is pending again, and not edited. */
export const flyway: MigrationTool = {
  name: "flyway",
  tables: [{ table: "flyway_schema_history", columns: ["installed_rank", "version", "description", "type", "checksum", "success"] }],
  owns: (files) => Object.keys(files).some((path) => versioned.test(path) || repeatable.test(path)),
  compare([rows], files) {
    const told = (rows ?? [])
      .filter((row) => row["type"] === "SQL")
      .toSorted((a, b) => Number(a["installed_rank"]) - Number(b["installed_rank"]));
    const latest = new Map(told.map((row) => [nameOf(row["version"] ?? null, String(row["description"])), row]));
    const written = files && writtenIn(files);
    const again = new Set(
      (written ?? [])
        .filter(({ name, is }) => name.startsWith("R ") && !is?.(String(latest.get(name)?.["checksum"])))
        .map(({ name }) => name),
    );
    const recorded = [...latest]
      .filter(([name]) => !again.has(name))
      .map(([name, row]) => ({ name, checksum: row["checksum"] ?? null, failed: ["0", "f", "false"].includes(String(row["success"])) }));
    const standing = compareByName(recorded, written);
    const last = standing.applied.findLast((name) => name.startsWith("V"));
    const old = (name: string): boolean => name.startsWith("V") && last !== undefined && byVersion(name, last) < 0;
    return { ...standing, pending: standing.pending.filter((name) => !old(name)), skipped: standing.pending.filter(old) };
  },
  scripts: (files) => writtenIn(files).map(({ text }) => text),
  repair: "put the schema right, then `flyway repair` takes the entry out",
};

function nameOf(version: string | null, description: string): string {
  return version === null ? `R ${description}` : `V${version.replaceAll("_", ".")} ${description}`;
}

function writtenIn(files: Files): (Written & { text: string })[] {
  const found = Object.keys(files).flatMap((path) => {
    const [v, r] = [versioned.exec(path), repeatable.exec(path)];
    if (!v && !r) return [];
    const name = nameOf(v?.[1] ?? null, (v?.[2] ?? r?.[1] ?? "").replaceAll("_", " "));
    const content = files[path] ?? Buffer.alloc(0);
    const sum = String(checksum(content));
    return [{ name, is: (known: string): boolean => known === sum, text: content.toString("utf8") }];
  });
  return found.sort((a, b) => byVersion(a.name, b.name));
}

/** Versioned ones by their numbers, repeatable ones behind them. */
function byVersion(a: string, b: string): number {
  if (a[0] !== b[0]) return a.startsWith("V") ? -1 : 1;
  if (a.startsWith("R")) return a.localeCompare(b);
  const [left, right] = [a, b].map((name) => (name.slice(1).split(" ")[0] ?? "").split(".").map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Flyway's own: CRC-32 over the lines without their ends, as a signed number. */
function checksum(content: Buffer): number {
  const lines = content
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/);
  return crc32(lines.join("")) | 0;
}
