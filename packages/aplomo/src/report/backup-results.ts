import type { Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Paint } from "./colours.ts";
import { rows, table, tableOr, texts, type Row } from "./table.ts";
import { text } from "./value.ts";

/** What the commands of `backup` found, for people. */
export const backupResults: Record<string, (data: Row, paint: Paint) => string[]> = {
  "backup list": (data) =>
    tableOr(
      "no backup yet: aplomo backup run",
      ["backup", "database", "tier", "release", "rows", "bytes", "proven", "made"],
      rows(data["backups"]).map((one) => [
        one["id"],
        one["database"],
        one["tier"],
        one["release"],
        one["rows"],
        one["bytes"],
        one["proven"] ?? "no",
        one["createdAt"],
      ]),
    ),
  "backup run": (data, paint) => [
    ...rows(data["backups"]).flatMap((one) => [
      `${mark(one["proven"], paint)} ${text(one["id"])}: ${text(one["rows"])} rows, ${text(one["bytes"])} bytes in ${took(one["durationMs"])}; ${
        one["proven"] ? `proven by a restore in ${took(one["proofMs"])}` : paint("red", "not proven")
      }`,
      ...texts(one["differences"]).map((difference) => `  ${difference}`),
      ...texts(one["kept"]).map((id) => `  also kept as ${id}`),
      ...texts(one["deleted"]).map((id) => `  replaces ${id}, which was deleted`),
    ]),
    ...rows(data["copies"]).map((one) =>
      one["failure"] === null
        ? `${mark(true, paint)} ${text(one["store"])}: ${texts(one["copied"]).length} copied, ${texts(one["removed"]).length} removed`
        : `${mark(false, paint)} ${text(one["store"])}: ${texts(one["missing"]).length} missing there; the next run makes it up`,
    ),
  ],
  "backup verify": (data, paint) =>
    tableless("there is no backup to verify: aplomo backup run", data["checks"], (one) => [
      `${mark(one["ok"], paint)} ${text(one["backup"])}${one["ok"] ? (one["opened"] ? ": whole" : ": its checksum is right") : `: ${text(one["message"])}`}`,
    ]),
  "backup drill": (data, paint) =>
    tableless("there is no backup to prove: aplomo backup run", data["proofs"], (one) => [
      `${mark(one["proven"], paint)} ${text(one["backup"])}: ${
        one["proven"]
          ? `restored and compared on ${text(one["server"])} in ${took(one["durationMs"])}: ${text(one["tables"])} tables, ${text(one["rows"])} rows`
          : "what came back is not what was backed up"
      }`,
      ...texts(one["differences"]).map((difference) => `  ${difference}`),
    ]),
  "backup prune plan": (data) => [
    ...table(
      ["", "backup", "tier", "proof", "why"],
      rows(data["verdicts"]).map((one) => [one["action"], one["id"], one["tier"], one["proof"], one["reason"]]),
    ),
    `Kept: ${text(data["keep"])}`,
    ...(rows(data["verdicts"]).some((one) => one["action"] === "delete") ? [] : ["Nothing is to be deleted."]),
  ],
  "backup prune": (data, paint) => [`${mark(true, paint)} ${texts(data["deleted"]).length} deleted, ${text(data["bytes"])} bytes freed`],
  "backup show": (data, paint) => showManifest(data, paint),
  "backup restore": (data, paint) => [
    `${mark(true, paint)} ${text(data["backup"])} is the data of ${text(data["database"])}; the data before it is kept as ${text(data["place"])}`,
    "  aplomo backup restore --undo puts it back",
  ],
  "backup restore beside": (data, paint) => [
    `${mark(true, paint)} ${text(data["backup"])} is in ${text(data["place"])}: ${text(data["rows"])} rows${data["tables"] === undefined ? ", as its manifest says" : ""}; remove it when you are done`,
    ...texts(data["schema"]).map((one) => `  ${one}`),
  ],
  "backup restore undone": (data, paint) => [
    `${mark(true, paint)} ${text(data["database"])} is what it was before the restore; what was restored is kept as ${text(data["kept"])}`,
  ],
  "backup kit": (data, paint) => [
    `${mark(true, paint)} ${data["file"] === null ? "shown once; nothing was kept" : `written to ${text(data["file"])}: print it, lock it away, delete it`}`,
    `  backups.encrypt_to: [${text(data["recipient"])}]`,
  ],
  "backup schedule": (data) => [
    `# every day at ${text(data["at"])} (${text(data["zone"])}); aplomo backup schedule --install puts one of these in place`,
    data["installed"] === null ? "# not installed" : `# installed: ${text(data["installed"])}`,
    `# /etc/systemd/system/${text(data["unit"])}.service`,
    ...text(data["service"]).split("\n"),
    `# /etc/systemd/system/${text(data["unit"])}.timer`,
    ...text(data["timer"]).split("\n"),
    "# or in a crontab",
    text(data["cron"]),
  ],
  "backup schedule installed": (data, paint) => [
    `${mark(true, paint)} installed with ${text(data["by"])}: every day at ${text(data["at"])} (${text(data["zone"])})`,
    ...texts(data["files"]).map((file) => `  ${file}`),
  ],
  "backup schedule removed": (data, paint) => [`${mark(true, paint)} removed from ${text(data["by"])}`],
};

function showManifest(data: Row, paint: Paint): string[] {
  const manifest = data["manifest"] as Row;
  const [counts, objects] = [(manifest["rows"] as Row)["snapshot"] as Row, manifest["objects"] as Row];
  const now = data["rowsNow"] as Row | null;
  const bytes = manifest["bytes"] as Row;
  const proof = manifest["proof"] as Row | null;
  const sealed = manifest["encryption"] as Row | null;
  return [
    paint("bold", text(manifest["id"])),
    `  ${text(manifest["database"])} of ${text(manifest["app"])}, made ${text(manifest["createdAt"])} in ${took((manifest["durations"] as Row)["totalMs"])}`,
    `  ${text(manifest["server"])}, dumped with ${text(manifest["tool"])}`,
    `  ${text(data["file"])}`,
    `  ${text(bytes["stored"])} bytes (${text(manifest["compression"])}), ${text(bytes["plain"])} unpacked; SHA-256 ${text(manifest["sha256"])}`,
    `  release ${text(manifest["release"])}`,
    ...(sealed === null
      ? ["  not encrypted"]
      : [
          `  encrypted (age) for ${texts(sealed["recipients"]).join(", ")}; ${data["opensHere"] ? "this machine can open it" : "it takes the key of the recovery kit"}`,
        ]),
    proof === null
      ? `  ${paint("yellow", "not proven")}: aplomo backup drill ${text(manifest["id"])}`
      : proof["proven"]
        ? `  ${paint("green", "proven")} ${text(proof["at"])} by a restore on ${text(proof["server"])} in ${took(proof["durationMs"])}`
        : `  ${paint("red", "its proof failed")} ${text(proof["at"])}: ${texts(proof["differences"]).join("; ")}`,
    `  ${Object.entries(objects)
      .map(([kind, count]) => `${text(count)} ${kind}`)
      .join(", ")}`,
    ...table(
      ["table", "rows", "rows now"],
      Object.entries(counts).map(([name, count]) => [name, count, now === null ? null : (now[name] ?? 0)]),
    ),
  ];
}

function tableless(empty: string, value: Json | undefined, lines: (row: Row) => string[]): string[] {
  return rows(value).length === 0 ? [empty] : rows(value).flatMap(lines);
}

function mark(good: Json | undefined, paint: Paint): string {
  return good ? paint("green", "✓") : paint("red", "✗");
}

function took(ms: Json | undefined): string {
  return typeof ms === "number" ? formatDuration(ms) : "-";
}

/** One database's backups in `status`. */
export function backupLines(one: Row, paint: Paint): string[] {
  const proven = one["proven"] as Row | null;
  const last = one["id"] === null ? paint("red", "none") : `${text(one["id"])}, ${text(one["age"])} ago`;
  const proof =
    proven === null ? "none is proven" : proven["id"] === one["id"] ? "proven" : `the newest proven one ${text(proven["age"])} ago`;
  return [
    `last backup of ${text(one["database"])}: ${last}${one["id"] === null ? "" : `; ${proof}`}`,
    ...(one["late"] === null ? [] : [paint("red", `  ${text(one["late"])}`)]),
    ...texts(one["kept"] ?? null).map((name) => `  kept from an earlier restore, to be removed by you: ${name}`),
  ];
}

/** One store in `status`. */
export function copyLine(one: Row, paint: Paint): string {
  const failure = one["failure"] as Row | null;
  if (failure !== null)
    return paint("yellow", `copies in ${text(one["store"])}: failing since ${text(failure["since"])}: ${text(failure["message"])}`);
  return one["completeAt"] === null
    ? `copies in ${text(one["store"])}: none yet`
    : `copies in ${text(one["store"])}: complete ${text(one["completeAt"])}`;
}
