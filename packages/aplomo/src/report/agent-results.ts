import type { Json } from "../base/events.ts";
import type { Paint } from "./colours.ts";
import { rows, table, texts, type Row } from "./table.ts";
import { text } from "./value.ts";

/** What the commands of `agent` found, for people. */
export const agentResults: Record<string, (data: Row, paint: Paint) => string[]> = {
  "agent add": (data, paint) => [
    `${paint("green", "✓")} the agent looks after ${text(data["app"])}`,
    ...rows(data["jobs"]).map((job) => `  ${text(job["name"])}: ${text(job["cron"])} (${text(job["zone"])}), next ${text(job["next"])}`),
    "  keep one running on this server: aplomo agent install",
  ],
  "agent remove": (data, paint) => [`${paint("green", "✓")} the agent leaves ${text(data["app"])} alone`],
  "agent list": (data, paint) => [
    data["agent"] === null ? paint("red", "no agent runs here: aplomo agent install") : `the agent runs: ${text(data["agent"])}`,
    ...(rows(data["apps"]).length === 0 ? ["it looks after nothing yet: aplomo agent add"] : []),
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
    ),
  ],
  "agent look": (data, paint) =>
    rows(data["signals"]).length === 0
      ? [`${paint("green", "✓")} ${text(data["app"])}: nothing is wrong${data["deep"] ? "" : "; --deep also counts the data"}`]
      : rows(data["signals"]).flatMap((one) => [
          `${paint(one["level"] === "error" ? "red" : "yellow", "✗")} ${text(one["subject"])}: ${text(one["message"])}`,
          ...(one["next"] === null ? [] : [`  ${text(one["next"])}`]),
        ]),
  "agent install": (data) => [
    `# /etc/systemd/system/${text(data["file"])}; aplomo agent install --yes puts it in place`,
    ...text(data["unit"]).split("\n"),
    "# or, where PM2 keeps programs running",
    texts(data["pm2"])
      .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`))
      .join(" "),
  ],
  "agent installed": (data, paint) => [`${paint("green", "✓")} installed with ${text(data["by"])}, and started: ${text(data["file"])}`],
  "agent token": (data) => [text(data["token"]), `the token of ${text(data["name"])} (${text(data["role"])}): it is not shown again`],
  dashboard: (data) => [text(data["url"]), "until you press Ctrl-C"],
  "notify test": told,
  "notify send": told,
};

function told(data: Row, paint: Paint): string[] {
  return rows(data["told"]).map((one) =>
    one["problem"] === null
      ? `${paint("green", "✓")} ${text(one["channel"])}`
      : `${paint("red", "✗")} ${text(one["channel"])}: ${text(one["problem"])}`,
  );
}

function lastOf(job: Row): Row {
  return (job["last"] ?? {}) as { [name: string]: Json };
}
