import { join } from "node:path";
import { readIfPresent, writeFileSafely } from "../host/files.ts";
import { escapeUnit, quoteUnit } from "../host/systemd.ts";

/** What a schedule runs. */
export interface Job {
  app: string;
  /** `02:30`. */
  at: string;
  zone: string;
  /** The program and its arguments, absolute. */
  argv: readonly string[];
  /** Where Aplomo's own folder is, for the job has no shell's environment. */
  home: string;
  /** The folder of aplomo.yml. */
  directory: string;
}

/** `aplomo-backup-agenda`, without ending. */
export function unitName(app: string): string {
  return `aplomo-backup-${app}`;
}

/** The two files of a systemd timer. A run that the machine slept through is made up when it is on again. */
export function systemdUnits({ app, at, zone, argv, home, directory }: Job): { service: string; timer: string } {
  const service = [
    "[Unit]",
    `Description=Backup of ${app}, proven and copied elsewhere (Aplomo)`,
    "After=network-online.target docker.service",
    "Wants=network-online.target",
    "",
    "[Service]",
    "Type=oneshot",
    `WorkingDirectory=${escapeUnit(directory)}`,
    `Environment=${quoteUnit(`APLOMO_HOME=${home}`)}`,
    `Environment=${quoteUnit("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")}`,
    `ExecStart=${argv.map(quoteUnit).join(" ")}`,
    "Nice=10",
    "IOSchedulingClass=idle",
    "",
  ];
  const timer = [
    "[Unit]",
    `Description=Daily backup of ${app} (Aplomo)`,
    "",
    "[Timer]",
    `OnCalendar=*-*-* ${at}:00 ${zone}`,
    "Persistent=true",
    "RandomizedDelaySec=60",
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ];
  return { service: service.join("\n"), timer: timer.join("\n") };
}

/** Ends our lines of a crontab, so that they are found again. */
export function cronMark(app: string): string {
  return `# aplomo backup ${app}`;
}

/** One line for crontab. Cron knows no zones: the hour is the server's. */
export function cronLine(job: Job): string {
  const [hour = "2", minute = "30"] = job.at.split(":");
  const words = ["cd", job.directory, "&&", "env", `APLOMO_HOME=${job.home}`, ...job.argv];
  // A % ends the command in a crontab unless it is escaped.
  const command = words
    .map((word) => (word === "&&" ? word : quoteShell(word)))
    .join(" ")
    .replaceAll("%", "\\%");
  return `${Number(minute)} ${Number(hour)} * * * ${command} ${cronMark(job.app)}`;
}

function quoteShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A crontab with our line in place of the one it had; without one, when `line` is undefined. */
export function editCrontab(text: string, app: string, line: string | undefined): string {
  const others = text.split("\n").filter((one) => one !== "" && !one.endsWith(cronMark(app)));
  return [...others, ...(line === undefined ? [] : [line])].map((one) => `${one}\n`).join("");
}

/** That a schedule was installed, for `status`: from then on a day without a backup is a failure. */
export interface Scheduled {
  version: 1;
  at: string;
  zone: string;
  by: "systemd" | "systemd --user" | "cron" | "agent";
  installedAt: string;
  /** Milliseconds between two runs at most; left out: a day. */
  every?: number;
}

export async function readScheduled(root: string): Promise<Scheduled | undefined> {
  const text = await readIfPresent(join(root, "schedule.json"));
  return text === undefined ? undefined : (JSON.parse(text) as Scheduled);
}

export async function writeScheduled(root: string, scheduled: Scheduled): Promise<void> {
  await writeFileSafely(join(root, "schedule.json"), `${JSON.stringify(scheduled, null, 2)}\n`);
}
