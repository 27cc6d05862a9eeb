import { AplomoError, LeftRunningError, StuckError } from "../base/errors.ts";
import type { Event } from "../base/events.ts";
import { poll } from "../base/time.ts";
import type { Context } from "../host/context.ts";
import type { Address } from "./address.ts";
import { connect, type Connection } from "./connection.ts";
import { heedInterrupts } from "./interrupt.ts";
import { isAnswer, type Answer, type Line } from "./messages.ts";
import type { Program } from "./program.ts";
import { openSession, type Session } from "./session.ts";

const patience = 120_000;

/** A run on the server as it is watched from here. */
export interface Watched {
  app: string;
  id: string;
  address: Address;
  program: Program;
}

/** Where lines go: events to the printer, held back while a question is open. */
export interface Listener {
  take(line: Exclude<Line, Answer>): void;
  hold(on: boolean): void;
}

export function listener(ctx: Context): Listener {
  const held: Event[] = [];
  let holding = false;
  return {
    take: (event) => (holding ? void held.push(event) : ctx.emit(event)),
    hold(on) {
      holding = on;
      if (!on) for (const event of held.splice(0)) ctx.emit(event);
    },
  };
}

/**
 * Shows a run until it has ended, and gives its exit code. When the connection breaks it is made again and goes on where it stopped; the
 * run does not notice. What was left running, or could not be reached again, is an error of its own: nobody knows yet how it ends.
 */
export async function followToEnd(outer: Context, first: Connection, session: Session, watched: Watched): Promise<number> {
  const { address, id } = watched;
  // Whoever leaves must not be connected again behind their back.
  const over = new AbortController();
  const ctx = { ...outer, signal: over.signal };
  const listening = listener(ctx);
  let connection: Connection | undefined = first;
  let received = 0;
  const undo = async (): Promise<void> => {
    await poll(() => request(connection, watched), { limit: patience, every: 500 });
  };
  const interrupts = heedInterrupts({ undo, hold: (on) => listening.hold(on), interactive: process.stdin.isTTY });
  const until = async (present: Session): Promise<number | undefined> => {
    for (let line = await present.next(); line !== undefined; line = await present.next()) {
      if (!isAnswer(line)) {
        received++;
        listening.take(line);
      } else if (line.type === "remote.ended") return line.exitCode;
      else if (line.type === "remote.none") throw neverBegan(address);
      else if (line.type === "remote.gone") throw died(address, line.said);
    }
    return undefined;
  };
  const watch = async (): Promise<number> => {
    let present = session;
    for (;;) {
      const exitCode = await until(present);
      if (exitCode !== undefined) return exitCode;
      const lost = connection;
      connection = undefined;
      await lost?.close();
      ctx.signal.throwIfAborted();
      listening.take({ type: "warning", message: `the connection to ${address.destination} was lost; what runs there goes on` });
      connection = await poll(() => reconnect(ctx, address), { limit: patience, every: 2_000 });
      if (!connection) throw unreachable(address);
      present = openSession(connection, watched.program, { do: "follow", app: watched.app, id, from: received });
    }
  };
  try {
    const watching = watch();
    watching.catch(() => {});
    const result = await Promise.race([watching, interrupts.left]);
    if (result === undefined) throw left(address);
    return result;
  } finally {
    over.abort(new Error("nobody watches any more"));
    interrupts.stop();
    listening.hold(false);
    await connection?.close();
  }
}

/** Asks for the run to be undone. Undefined: nobody heard it, to be asked again. */
async function request(connection: Connection | undefined, { app, id, program }: Watched): Promise<true | undefined> {
  if (!connection) return undefined;
  const session = openSession(connection, program, { do: "stop", app, id });
  const answer = await session.next();
  return answer?.type === "remote.done" ? true : undefined;
}

async function reconnect(ctx: Context, address: Address): Promise<Connection | undefined> {
  try {
    return await connect(ctx, address);
  } catch (error) {
    if (error instanceof AplomoError && error.operation === "reach") return undefined;
    throw error;
  }
}

const again = "`aplomo attach` shows it again, from any machine.";

function left(address: Address): AplomoError {
  return new LeftRunningError({ operation: "wait for", subject: address.destination, cause: "it was left running there", hint: again });
}

function unreachable({ destination }: Address): AplomoError {
  const cause = `it was not reached again within ${patience / 1_000} s; what runs there goes on`;
  return new LeftRunningError({ operation: "wait for", subject: destination, cause, hint: again });
}

function neverBegan({ destination }: Address): AplomoError {
  const cause = "the connection was lost before anything began";
  return new AplomoError({ operation: "work on", subject: destination, cause, hint: "Nothing was touched. Run the command again." });
}

function died({ destination }: Address, said: string): AplomoError {
  return new StuckError({
    operation: "finish on",
    subject: destination,
    cause: `the process there ended without a word${said === "" ? ": it was killed, or the machine was booted" : `: ${said}`}`,
    hint: "`aplomo recover` finishes or undoes what it began; any next command does so too.",
  });
}
