import type { Context } from "../host/context.ts";
import { ask } from "../report/ask.ts";

/** A context that Ctrl-C ends, as any does, until it is released: from then on it is another question. */
export function releasable(ctx: Context): { ctx: Context; release: () => void } {
  const stop = new AbortController();
  const pass = (): void => stop.abort(ctx.signal.reason);
  ctx.signal.addEventListener("abort", pass);
  return { ctx: { ...ctx, signal: stop.signal }, release: () => ctx.signal.removeEventListener("abort", pass) };
}

/** What a person at the keyboard wants of a deployment that runs elsewhere. */
export type Wish = "leave" | "undo";

export interface Interrupts {
  /** Resolves when it is to be left alone. */
  left: Promise<void>;
  stop(): void;
}

/**
 * Ctrl-C asks: leave it running, or undo; a second one leaves. Where nobody can be asked it means undo, as it does without a server in
 * between, and the second one leaves. `undo` may be called more than once.
 */
export function heedInterrupts(told: { undo: () => Promise<void>; hold: (on: boolean) => void; interactive: boolean }): Interrupts {
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  let times = 0;
  const undo = (): void => void told.undo().catch(() => {});
  const interrupt = async (): Promise<void> => {
    times++;
    if (times > 1) return leave();
    if (!told.interactive) return undo();
    told.hold(true);
    const wish = await wishOf();
    told.hold(false);
    if (wish === "undo") {
      times = 1;
      undo();
    } else leave();
  };
  const onInterrupt = (): void => void interrupt();
  const onTerminate = (): void => undo();
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
  return { left, stop: () => void process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate) };
}

async function wishOf(): Promise<Wish> {
  const answer = await ask("\nIt runs on the server. Leave it running (l), or undo it (u)? [L/u] ");
  return /^u(ndo)?$/i.test(answer?.trim() ?? "") ? "undo" : "leave";
}
