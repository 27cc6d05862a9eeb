import type { Settings } from "../config/schema.ts";

/** What is done at certain times, as a command line of Aplomo itself. */
export interface Job {
  /** `backup`, `drill`: stands in the names of its runs. */
  name: string;
  /** Five fields: minute, hour, day, month, weekday. */
  cron: string;
  zone: string;
  /** `backup run --wait 1h`, without the program and without --config. */
  argv: string[];
}

/** Pure: the jobs of an application. `backup run` also prunes and copies elsewhere. */
export function jobsOf({ databases, backups }: Settings, zone: string): Job[] {
  if (Object.keys(databases).length === 0) return [];
  const jobs: Job[] = [{ name: "backup", cron: cronOf(backups.at), zone, argv: ["backup", "run", "--wait", "1h"] }];
  if (backups.drill_at !== "never")
    jobs.push({ name: "drill", cron: cronOf(backups.drill_at), zone, argv: ["backup", "drill", "--wait", "1h"] });
  return jobs;
}

/** `02:30` is every day at that time. */
function cronOf(at: string): string {
  const clock = /^(\d\d):(\d\d)$/.exec(at);
  return clock ? `${Number(clock[2])} ${Number(clock[1])} * * *` : at;
}
