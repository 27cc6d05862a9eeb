import type { Event } from "../base/events.ts";
import type { Json } from "../base/events.ts";
import type { SourceThere } from "../host/context.ts";

/** Laptop and server speak JSON, one message a line; file contents follow a `run` as plain bytes, in the order they were asked for. */

/** `look`: reads what is there. `ask`: with the present files; ends with the connection. `work`: with the lock; outlives the connection. */
export type Manner = "look" | "ask" | "work";

/** A file as it must be on the server: its path from the folder of aplomo.yml. */
export type SentFile = { path: string; mode: number; size: number; sha256: string } | { path: string; link: string };

export interface RunRequest {
  do: "run";
  app: string;
  /** Made by the laptop, so that it can ask for it after the connection was lost at any moment. */
  id: string;
  manner: Manner;
  /** The command as it was typed. */
  argv: string[];
  /** Path of aplomo.yml among the files. */
  config: string;
  /** Every file the command reads; null: those that are there will do. */
  files: SentFile[] | null;
  /** Contents of files the command line names, by option: they are put where only this run reads them. */
  attached: { option: string; content: string }[];
  /** Files that arguments name, each with the argument's place; null: it lies beside one. They are gone when the run has ended. */
  given: { word: number | null; name: string; size: number; sha256: string }[];
  /** Variables that aplomo.yml takes from the shell. */
  variables: Record<string, string>;
  source: SourceThere;
}

export type Request =
  | RunRequest
  /** `id` left out: what runs now, else what ran last. `from`: how many events are known already. */
  | { do: "follow"; app: string; id?: string | undefined; from: number }
  | { do: "stop"; app: string; id: string }
  | { do: "inspect"; app: string; kind: string }
  | { do: "agent"; act: "keep" | "dismiss"; app: string; kind: string }
  | { do: "tidy"; keep: string };

/** What the server says between events. */
export type Answer =
  | { type: "remote.need"; sha256: string[] }
  | { type: "remote.files" }
  | { type: "remote.run"; id: string; argv: string[]; since: string; running: boolean }
  | { type: "remote.ended"; exitCode: number }
  /** The process that did the work is gone and left no end. */
  | { type: "remote.gone"; said: string }
  | { type: "remote.none" }
  | { type: "remote.checks"; now: string; checks: Check[]; running: string[]; scheduled: string[]; byAgent: string[] }
  | { type: "remote.agent"; check: Check }
  /** By whom it was kept running until now; null: by nobody. */
  | { type: "remote.dismissed"; by: string | null }
  | { type: "remote.done" };

/** One thing that was looked at on the server. */
export interface Check {
  check: string;
  state: "good" | "warning" | "bad";
  found: string;
  hint: string | null;
}

export type Line = Answer | (Event & { at?: string });

export function isAnswer(line: Line): line is Answer {
  return line.type.startsWith("remote.");
}

export function parseLine(text: string): Line | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "object" && value !== null && "type" in value ? (value as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}
