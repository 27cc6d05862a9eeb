import type { Verb } from "./verb.ts";

const database: [string, string] = ["--database <name>", "which one, where aplomo.yml names several"];
const identity: [string, string] = ["--identity <file>", "the file with the key, for an encrypted backup"];
const wait: [string, string] = ["--wait <duration>", "wait so long for another operation to end (default: do not)"];
const from: [string, string] = ["--from <store>", "bring it back from this store of backups.copy_to"];

/** The commands of `aplomo backup`. */
export const backupVerbs: Verb[] = [
  {
    name: "run",
    summary: "back up, prove by a restore, keep in tiers, prune, and copy elsewhere",
    args: "[database]",
    options: [["--manual", "outside of the tiers: it stays until you remove it"], wait],
    examples: ["aplomo backup run", "aplomo backup run main --manual", "aplomo backup run --wait 30m --json"],
    exits: [1, 3, 4, 130],
    load: () => import("./commands/backup-run.ts"),
  },
  {
    name: "list",
    summary: "list backups, newest first",
    args: "[database]",
    options: [["--from <store>", "those that this store of backups.copy_to holds"]],
    examples: ["aplomo backup list", "aplomo backup list --from nas"],
    exits: [],
    load: () => import("./commands/backup-list.ts"),
  },
  {
    name: "show",
    summary: "explain what a backup holds, from its manifest",
    args: "<backup>",
    options: [database],
    examples: ["aplomo backup show latest", "aplomo backup show agenda_daily_20261122_023000"],
    exits: [],
    load: () => import("./commands/backup-show.ts"),
  },
  {
    name: "verify",
    summary: "read backups to their end: checksum, decompression, rows; all of them, or one",
    args: "[backup]",
    options: [database, identity, ["--from <store>", "read the copies of this store back instead"]],
    examples: ["aplomo backup verify", "aplomo backup verify latest", "aplomo backup verify --from nas"],
    exits: [1],
    load: () => import("./commands/backup-verify.ts"),
  },
  {
    name: "drill",
    summary: "restore into a scratch database, compare with what was backed up, and note the proof",
    args: "[backup]",
    options: [database, identity, from, wait, ["--aside", "on a throw-away server of the same kind, where one is at hand"]],
    examples: ["aplomo backup drill", "aplomo backup drill --aside", "aplomo backup drill latest --from nas --identity key.txt"],
    exits: [1, 3, 4, 130],
    load: () => import("./commands/backup-drill.ts"),
  },
  {
    name: "restore",
    summary: "put a database back to a backup: restored beside, counted, then swapped; the data before it is kept",
    args: "[backup]",
    options: [
      database,
      identity,
      from,
      ["--to <name>", "into a database of its own; the live one is not touched"],
      ["--only <table>", "this table alone, into a database of its own"],
      ["--undo [kept]", "put back the database that a restore replaced"],
      ["--yes", "do not ask"],
    ],
    examples: [
      "aplomo backup restore latest --yes",
      "aplomo backup restore latest --to look",
      "aplomo backup restore latest --only users",
      "aplomo backup restore ./yesterday.sql.gz --to look",
      "aplomo backup restore latest --from nas --identity key.txt",
      "aplomo backup restore --undo",
    ],
    exits: [1, 3, 4, 130],
    load: () => import("./commands/backup-restore.ts"),
  },
  {
    name: "prune",
    summary: "show which backups would go and why, ask, and remove them",
    args: "[database]",
    options: [
      ["--dry-run", "only show"],
      ["--yes", "do not ask"],
    ],
    examples: ["aplomo backup prune", "aplomo backup prune --dry-run --json"],
    exits: [1, 3, 4],
    load: () => import("./commands/backup-prune.ts"),
  },
  {
    name: "kit",
    summary: "make a key for encrypted backups, and print the recovery kit, once",
    options: [["--out <file>", "write it into a new file instead"]],
    examples: ["aplomo backup kit", "aplomo backup kit | lpr"],
    exits: [],
    load: () => import("./commands/backup-kit.ts"),
  },
  {
    name: "schedule",
    summary: "print a systemd timer and a cron line for the daily backup, or install one",
    options: [
      ["--install", "install the one that this machine has"],
      ["--uninstall", "remove it"],
    ],
    examples: ["aplomo backup schedule", "aplomo backup schedule --install"],
    exits: [],
    load: () => import("./commands/backup-schedule.ts"),
  },
];
