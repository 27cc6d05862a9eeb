import type { Evidence } from "./events.ts";

/** What every failure tells its reader: what was being done, to what, why it failed, and the next act. */
export interface Failure {
  /** A verb phrase that completes "could not ...": `read`, `restore the backup`. */
  operation: string;
  /** What it was done to, as the user calls it: a file, a service, a database. */
  subject: string;
  /** Why: a sentence, or the error that was caught. */
  cause?: unknown;
  /** The next act, as an imperative sentence. */
  hint?: string;
  /** What was seen: a unit with its exit code and last log lines. Nothing secret. */
  evidence?: Evidence;
}

/** An error meant for the user: printed without a stack, with its hint. Everything else is a defect of ours. */
export class AplomoError extends Error {
  readonly operation: string;
  readonly subject: string;
  readonly hint: string | undefined;
  readonly evidence: Evidence | undefined;
  /** The process's exit code when this error ends a command; `docs/EXIT-CODES.md`. */
  readonly exitCode: number = 1;

  constructor(failure: Failure) {
    const why = failure.cause === undefined ? "" : `: ${reason(failure.cause)}`;
    super(`could not ${failure.operation} ${failure.subject}${why}`, { cause: failure.cause });
    this.name = new.target.name;
    this.operation = failure.operation;
    this.subject = failure.subject;
    this.hint = failure.hint;
    this.evidence = failure.evidence;
  }
}

/** Usage or configuration: nothing was touched. */
export class UsageError extends AplomoError {
  override readonly exitCode: number = 2;
}

/** It could not be undone: a person is needed, and the hint says what to do. */
export class StuckError extends AplomoError {
  override readonly exitCode: number = 3;
}

/** Another operation holds the application's lock. */
export class LockedError extends AplomoError {
  override readonly exitCode: number = 4;
}

/** It goes on on the server: nobody knows yet how it ends. */
export class LeftRunningError extends AplomoError {
  override readonly exitCode: number = 5;
}

/** Ctrl-C or SIGTERM: what was begun has been undone. */
export class InterruptedError extends AplomoError {
  override readonly exitCode: number = 130;
}

/** The text of anything thrown, without a stack. */
export function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
