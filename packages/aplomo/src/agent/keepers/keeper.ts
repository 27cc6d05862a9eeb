import { UsageError } from "../../base/errors.ts";

export const keeperNames = ["systemd", "systemd --user", "PM2", "a container"] as const;
export type KeeperName = (typeof keeperNames)[number];

/** What keeps the agent running on a machine: starts it again when it ends, and when the machine boots. */
export interface Keeper {
  name: KeeperName;
  /** Shows what the agent says, should it not run. */
  log: string;
  /** Whether this account has it on this machine. */
  fits(): Promise<boolean>;
  /** Puts the agent there and starts it; leaves one that runs as it should alone. Throws when another home's agent has its place. */
  put(): Promise<{ what: string; changed: boolean }>;
  /** Ends the agent and takes it from there. What it has begun goes on, where the keeper allows that. It may be gone already. */
  remove(): Promise<void>;
}

/** An account has one agent: two homes would take its place from each other. */
export function takenByAnother(what: string): UsageError {
  const hint = "That one's `aplomo setup --remove` takes it away, with its own APLOMO_HOME.";
  return new UsageError({ operation: "install", subject: "the agent", cause: `${what} is the agent of another APLOMO_HOME`, hint });
}
