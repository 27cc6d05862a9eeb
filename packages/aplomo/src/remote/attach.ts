import { AplomoError, UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import { appPaths } from "../deploy/paths.ts";
import type { Context } from "../host/context.ts";
import { addressOf } from "./address.ts";
import { connect } from "./connection.ts";
import { followToEnd, listener } from "./follow.ts";
import { releasable } from "./interrupt.ts";
import { isAnswer, parseLine } from "./messages.ts";
import { ownProgram } from "./program.ts";
import { findRun, followRun, lastWords } from "./runs.ts";
import { openSession } from "./session.ts";
import { ready } from "./there.ts";

/** Shows what runs on the server, else what ran last, from its beginning, and gives its exit code. */
export async function attach(ctx: Context, config: Config, here: boolean): Promise<number> {
  const address = here ? undefined : addressOf(config);
  const { app } = config.settings;
  if (!address) return attachHere(ctx, app);
  const program = await ownProgram(process.argv[1]);
  const { ctx: own, release } = releasable(ctx);
  const connection = await connect(own, address);
  try {
    await ready(own, connection, program);
    const session = openSession(connection, program, { do: "follow", app, from: 0 });
    const line = await session.next();
    if (line?.type === "remote.run") {
      release();
      return await followToEnd(own, connection, session, { app, id: line.id, address, program });
    }
    if (line?.type === "remote.none") throw nothing(app);
    if (line !== undefined && !isAnswer(line)) listener(ctx).take(line);
    throw new AplomoError({ operation: "attach to", subject: address.destination, cause: session.said() || "it gave no answer" });
  } finally {
    release();
    await connection.close();
  }
}

/** On the server itself. */
async function attachHere(ctx: Context, app: string): Promise<number> {
  const run = await findRun(appPaths(ctx.home, app).root);
  if (!run) throw nothing(app);
  const listening = listener(ctx);
  const tell = (text: string): void => {
    const line = parseLine(text);
    if (line && !isAnswer(line)) listening.take(line);
  };
  const exitCode = await followRun(run, 0, tell, ctx.signal);
  if (exitCode !== undefined) return exitCode;
  throw new AplomoError({
    operation: "follow",
    subject: run.argv.join(" "),
    cause: (await lastWords(run)) || "it was killed",
    hint: "aplomo recover",
  });
}

function nothing(app: string): UsageError {
  const cause = "nothing was begun there from another machine";
  return new UsageError({
    operation: "attach to",
    subject: app,
    cause,
    hint: "`aplomo history` lists deployments, `aplomo report` shows one.",
  });
}
