import type { Json } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import type { Paint } from "./colours.ts";
import type { Show } from "./show.ts";
import { rows, table, tableOr, texts, type Row } from "./table.ts";
import { countOf, text } from "./value.ts";
import type { Say } from "./lang/say.ts";

/** What the commands of `backup` found, for people. */
export const backupResults: Record<string, Show> = {
  "backup list": (data, paint, say) => [
    ...tableOr(
      say("no backup yet: aplomo backup run"),
      ["backup", "database", "tier", "release", "rows", "bytes", "proven", "made"],
      rows(data["backups"]).map((one) => [
        one["id"],
        one["database"],
        one["tier"],
        one["release"],
        one["rows"],
        one["bytes"],
        one["proven"] ?? say("no"),
        one["createdAt"],
      ]),
      say,
    ),
    ...rows(data["backups"]).flatMap((one) => tornLine(one, paint, say)),
  ],
  "backup run": (data, paint, say) => [
    ...rows(data["backups"]).flatMap((one) => [
      say`${mark(one["proven"], paint)} ${text(one["id"])}: ${say(countOf(one["rows"], "row"))}, ${text(one["bytes"])} bytes in ${took(one["durationMs"])}; ${
        one["proven"] ? say`proven by a restore in ${took(one["proofMs"])}` : paint("red", say("not proven"))
      }`,
      ...texts(one["differences"]).map((difference) => `  ${say(difference)}`),
      ...texts(one["kept"]).map((id) => say`  also kept as ${id}`),
      ...texts(one["deleted"]).map((id) => say`  replaces ${id}, which was deleted`),
    ]),
    ...rows(data["copies"]).map((one) =>
      one["failure"] === null
        ? say`${mark(true, paint)} ${text(one["store"])}: ${texts(one["copied"]).length} copied, ${texts(one["removed"]).length} removed`
        : say`${mark(false, paint)} ${text(one["store"])}: ${texts(one["missing"]).length} missing there; the next run makes it up`,
    ),
  ],
  "backup verify": (data, paint, say) =>
    tableless(say("there is no backup to verify: aplomo backup run"), data["checks"], (one) => [
      `${mark(one["ok"], paint)} ${text(one["backup"])}${one["ok"] ? (one["opened"] ? say(": whole") : say(": its checksum is right")) : `: ${say(text(one["message"]))}`}`,
    ]),
  "backup drill": (data, paint, say) =>
    tableless(say("there is no backup to prove: aplomo backup run"), data["proofs"], (one) => [
      `${mark(one["proven"], paint)} ${text(one["backup"])}: ${
        one["proven"]
          ? say`restored and compared on ${text(one["server"])} in ${took(one["durationMs"])}: ${say(countOf(one["tables"], "table"))}, ${say(countOf(one["rows"], "row"))}`
          : say("what came back is not what was backed up")
      }`,
      ...texts(one["differences"]).map((difference) => `  ${say(difference)}`),
    ]),
  "backup prune plan": (data, _paint, say) => [
    ...table(
      ["", "backup", "tier", "proof", "why"],
      rows(data["verdicts"]).map((one) => [say(text(one["action"])), one["id"], one["tier"], one["proof"], say(text(one["reason"]))]),
      say,
    ),
    say`Kept: ${text(data["keep"])}`,
    ...(rows(data["verdicts"]).some((one) => one["action"] === "delete") ? [] : [say("Nothing is to be deleted.")]),
  ],
  "backup prune": (data, paint, say) => [
    say`${mark(true, paint)} ${texts(data["deleted"]).length} deleted, ${text(data["bytes"])} bytes freed`,
  ],
  "backup show": (data, paint, say) => showManifest(data, paint, say),
  "backup restore": (data, paint, say) => [
    say`${mark(true, paint)} ${text(data["backup"])} is the data of ${text(data["database"])}; the data before it is kept as ${text(data["place"])}`,
    say("  aplomo backup restore --undo puts it back"),
  ],
  "backup restore beside": (data, paint, say) => [
    say`${mark(true, paint)} ${text(data["backup"])} is in ${text(data["place"])}: ${say(countOf(data["rows"], "row"))}${data["tables"] === undefined ? say(", as its manifest says") : ""}; remove it when you are done`,
    ...texts(data["schema"]).map((one) => `  ${one}`),
  ],
  "backup restore undone": (data, paint, say) => [
    say`${mark(true, paint)} ${text(data["database"])} is what it was before the restore; what was restored is kept as ${text(data["kept"])}`,
  ],
  "backup kit": (data, paint, say) => [
    `${mark(true, paint)} ${data["file"] === null ? say("shown once; nothing was kept") : say`written to ${text(data["file"])}: print it, lock it away, delete it`}`,
    `  backups.encrypt_to: [${text(data["recipient"])}]`,
  ],
  "backup schedule": (data, _paint, say) => [
    say`# every day at ${text(data["at"])} (${text(data["zone"])}); aplomo backup schedule --install puts one of these in place`,
    data["installed"] === null ? say("# not installed") : say`# installed: ${text(data["installed"])}`,
    `# /etc/systemd/system/${text(data["unit"])}.service`,
    ...text(data["service"]).split("\n"),
    `# /etc/systemd/system/${text(data["unit"])}.timer`,
    ...text(data["timer"]).split("\n"),
    say("# or in a crontab"),
    text(data["cron"]),
  ],
  "backup schedule installed": (data, paint, say) => [
    say`${mark(true, paint)} installed with ${text(data["by"])}: every day at ${text(data["at"])} (${text(data["zone"])})`,
    ...texts(data["files"]).map((file) => `  ${file}`),
  ],
  "backup schedule removed": (data, paint, say) => [say`${mark(true, paint)} removed from ${text(data["by"])}`],
};

function showManifest(data: Row, paint: Paint, say: Say): string[] {
  const manifest = data["manifest"] as Row;
  const [counts, objects] = [(manifest["rows"] as Row)["snapshot"] as Row, manifest["objects"] as Row];
  const now = data["rowsNow"] as Row | null;
  const bytes = manifest["bytes"] as Row;
  const proof = manifest["proof"] as Row | null;
  const sealed = manifest["encryption"] as Row | null;
  return [
    paint("bold", text(manifest["id"])),
    say`  ${text(manifest["database"])} of ${text(manifest["app"])}, made ${text(manifest["createdAt"])} in ${took((manifest["durations"] as Row)["totalMs"])}`,
    say`  ${text(manifest["server"])}, dumped with ${text(manifest["tool"])}`,
    `  ${text(data["file"])}`,
    say`  ${text(bytes["stored"])} bytes (${text(manifest["compression"])}), ${text(bytes["plain"])} unpacked; SHA-256 ${text(manifest["sha256"])}`,
    say`  release ${text(manifest["release"])}`,
    ...tornLine(manifest, paint, say, "  "),
    ...(sealed === null
      ? [say("  not encrypted")]
      : [
          say`  encrypted (age) for ${texts(sealed["recipients"]).join(", ")}; ${data["opensHere"] ? say("this machine can open it") : say("it takes the key of the recovery kit")}`,
        ]),
    proof === null
      ? say`  ${paint("yellow", say("not proven"))}: aplomo backup drill ${text(manifest["id"])}`
      : proof["proven"]
        ? say`  ${paint("green", say("proven"))} ${text(proof["at"])} by a restore on ${text(proof["server"])} in ${took(proof["durationMs"])}`
        : `  ${paint("red", say("its proof failed"))} ${text(proof["at"])}: ${texts(proof["differences"]).join("; ")}`,
    `  ${Object.entries(objects)
      .map(([kind, count]) => `${text(count)} ${kind}`)
      .join(", ")}`,
    ...table(
      ["table", "rows", "rows now"],
      Object.entries(counts).map(([name, count]) => [name, count, now === null ? null : (now[name] ?? 0)]),
      say,
    ),
  ];
}

/** What one without a moment of its own is told by. */
function tornLine(one: Row, paint: Paint, say: Say, indent = ""): string[] {
  const torn = texts(one["torn"] ?? null);
  if (torn.length === 0) return [];
  return [indent + paint("yellow", say`${text(one["id"])} is torn: ${torn.join(", ")} as of another moment than the rest`)];
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
export function backupLines(one: Row, paint: Paint, say: Say): string[] {
  const proven = one["proven"] as Row | null;
  const last = one["id"] === null ? paint("red", say("none")) : say`${text(one["id"])}, ${text(one["age"])} ago`;
  const proof =
    proven === null
      ? say("none is proven")
      : proven["id"] === one["id"]
        ? say("proven")
        : say`the newest proven one ${text(proven["age"])} ago`;
  return [
    say`last backup of ${text(one["database"])}: ${last}${one["id"] === null ? "" : `; ${proof}`}`,
    ...(one["late"] === null ? [] : [paint("red", `  ${say(text(one["late"]))}`)]),
    ...texts(one["kept"] ?? null).map((name) => say`  kept from an earlier restore, to be removed by you: ${name}`),
  ];
}

/** One store in `status`. */
export function copyLine(one: Row, paint: Paint, say: Say): string {
  const failure = one["failure"] as Row | null;
  if (failure !== null)
    return paint("yellow", say`copies in ${text(one["store"])}: failing since ${text(failure["since"])}: ${say(text(failure["message"]))}`);
  return one["completeAt"] === null
    ? say`copies in ${text(one["store"])}: none yet`
    : say`copies in ${text(one["store"])}: complete ${text(one["completeAt"])}`;
}
