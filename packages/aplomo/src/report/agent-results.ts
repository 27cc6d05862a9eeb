import type { Json } from "../base/events.ts";
import type { Paint } from "./colours.ts";
import type { Show } from "./show.ts";
import { rows, table, texts, type Row } from "./table.ts";
import { text } from "./value.ts";
import type { Say } from "./lang/say.ts";

/** What the commands of `agent` found, for people. */
export const agentResults: Record<string, Show> = {
  "agent add": (data, paint, say) => [
    say`${paint("green", "✓")} the agent looks after ${text(data["app"])}`,
    ...rows(data["jobs"]).map((job) => say`  ${text(job["name"])}: ${text(job["cron"])} (${text(job["zone"])}), next ${text(job["next"])}`),
    say("  keep one running on this server: aplomo agent install"),
  ],
  "agent remove": (data, paint, say) => [say`${paint("green", "✓")} the agent leaves ${text(data["app"])} alone`],
  "agent list": (data, paint, say) => [
    data["agent"] === null ? paint("red", say("no agent runs here: aplomo agent install")) : say`the agent runs: ${text(data["agent"])}`,
    ...(rows(data["apps"]).length === 0 ? [say("it looks after nothing yet: aplomo agent add")] : []),
    ...table(
      ["app", "job", "cron", "zone", "last", "", "next"],
      rows(data["apps"]).flatMap((app) =>
        rows(app["jobs"]).map((job) => [
          app["app"],
          job["name"],
          job["cron"],
          job["zone"],
          lastOf(job)["id"],
          lastOf(job)["state"] ?? "",
          job["next"],
        ]),
      ),
      say,
    ),
  ],
  "agent look": (data, paint, say) =>
    rows(data["signals"]).length === 0
      ? [say`${paint("green", "✓")} ${text(data["app"])}: nothing is wrong${data["deep"] ? "" : say("; --deep also counts the data")}`]
      : rows(data["signals"]).flatMap((one) => [
          `${paint(one["level"] === "error" ? "red" : "yellow", "✗")} ${text(one["subject"])}: ${say(text(one["message"]))}`,
          ...(one["next"] === null ? [] : [`  ${say(text(one["next"]))}`]),
        ]),
  "agent install": (data, _paint, say) => [
    say`# /etc/systemd/system/${text(data["file"])}; aplomo agent install --yes puts it in place`,
    ...text(data["unit"]).split("\n"),
    say("# or, where PM2 keeps programs running"),
    typed(data["pm2"]),
    "",
    say("# or, where a container engine does: an image that holds nothing, and the programs of this machine"),
    `tar -cf - -T /dev/null | ${typed(data["image"])}`,
    typed(data["container"]),
  ],
  "agent installed": (data, paint, say) => [
    data["by"] === null
      ? say`${paint("green", "✓")} one runs already (${text(data["file"])}), and was left alone`
      : say`${paint("green", "✓")} kept running by ${text(data["by"])} (${text(data["file"])}), ${say(text(data["did"]))}`,
  ],
  "agent token": (data, _paint, say) => [
    text(data["token"]),
    say`the token of ${text(data["name"])} (${text(data["role"])}): it is not shown again`,
  ],
  dashboard: (data, _paint, say) => [text(data["url"]), say("until you press Ctrl-C")],
  "notify test": told,
  "notify send": told,
};

/** As it is typed into a shell. */
function typed(words: Json | undefined): string {
  return texts(words)
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`))
    .join(" ");
}

function told(data: Row, paint: Paint, say: Say): string[] {
  return rows(data["told"]).map((one) =>
    one["problem"] === null
      ? `${paint("green", "✓")} ${text(one["channel"])}`
      : `${paint("red", "✗")} ${text(one["channel"])}: ${say(text(one["problem"]))}`,
  );
}

function lastOf(job: Row): Row {
  return (job["last"] ?? {}) as { [name: string]: Json };
}
