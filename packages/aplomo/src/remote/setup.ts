import { AplomoError, UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import { addressOf, type Address } from "./address.ts";
import { clockCheck, good } from "./checks.ts";
import { connect, type Connection } from "./connection.ts";
import type { Answer, Check } from "./messages.ts";
import { prepare } from "./prepare.ts";
import { ownProgram, type Program } from "./program.ts";
import { removeProgram } from "./scripts.ts";
import { openSession } from "./session.ts";

/** What a server looks like after it was prepared. */
export interface SetUp {
  host: string;
  user: string;
  folder: string;
  /** Whether anything had to be put there. */
  changed: boolean;
  checks: Check[];
}

/** Puts the program on the server, and Node where it has none, and looks at what a deploy will need. Twice is as good as once. */
export async function setUp(ctx: Context, config: Config): Promise<SetUp> {
  return withServer(ctx, config, async (connection, program) => {
    const { address, server } = connection;
    const put = await prepare(ctx, connection, program);
    const before = ctx.now().getTime();
    const seen = await inspect(connection, program, config);
    const checks = [
      good("Aplomo", `${version}, ${put.program === "put" ? "put there now" : "as here"}`),
      good(
        "Node",
        put.node === "the server's own" ? `${server.node}, the server's own` : `brought along, ${put.node === "put" ? "now" : "before"}`,
      ),
      ...seen.checks,
      clockCheck(seen.now, before, ctx.now().getTime()),
    ];
    await answer(openSession(connection, program, { do: "tidy", keep: program.name }), "remote.done", address);
    const changed = put.program === "put" || put.node === "put";
    return { host: address.destination, user: server.user, folder: server.home, changed, checks };
  });
}

/** What was taken away, and what stays because it is the application's. */
export interface TakenAway {
  host: string;
  folder: string;
  removed: boolean;
}

/** Takes away what `setUp` put there. Releases, backups and what runs are left alone. */
export async function takeAway(ctx: Context, config: Config): Promise<TakenAway> {
  return withServer(ctx, config, async (connection, program) => {
    const { address, server } = connection;
    const found = { host: address.destination, folder: server.home };
    if (server.entries.length === 0) return { ...found, removed: false };
    // Asked by the program itself, which is brought up to date for it.
    await prepare(ctx, connection, program);
    const { running, scheduled } = await inspect(connection, program, config);
    if (running.length > 0) throw refusal(address, `${running.join(", ")} runs there`, "Wait until it has ended: aplomo attach.");
    if (scheduled.length > 0) {
      const cause = `the daily backup of ${scheduled.join(", ")} is made by it`;
      throw refusal(address, cause, "End that first: aplomo backup schedule --uninstall, or aplomo agent remove.");
    }
    await connection.run(removeProgram);
    return { ...found, removed: true };
  });
}

async function withServer<T>(ctx: Context, config: Config, act: (connection: Connection, program: Program) => Promise<T>): Promise<T> {
  const address = addressOf(config);
  if (!address) {
    const hint = "Name the server in aplomo.yml: target.host: user@host.";
    throw new UsageError({ operation: "set up", subject: config.settings.app, cause: "it runs on this machine", hint });
  }
  const program = await ownProgram(process.argv[1]);
  const connection = await connect(ctx, address);
  try {
    return await act(connection, program);
  } finally {
    await connection.close();
  }
}

function inspect(connection: Connection, program: Program, { settings }: Config): Promise<Extract<Answer, { type: "remote.checks" }>> {
  const session = openSession(connection, program, { do: "inspect", app: settings.app, kind: settings.target.kind });
  return answer(session, "remote.checks", connection.address);
}

async function answer<T extends Answer["type"]>(
  session: ReturnType<typeof openSession>,
  type: T,
  { destination }: Address,
): Promise<Extract<Answer, { type: T }>> {
  for (let line = await session.next(); line !== undefined; line = await session.next()) {
    if (line.type === type) return line as Extract<Answer, { type: T }>;
    if (line.type === "error")
      throw new AplomoError({ operation: "look at", subject: destination, cause: line.message, hint: line.hint ?? "" });
  }
  const cause = session.said() || "the program there ended without an answer";
  throw new AplomoError({ operation: "look at", subject: destination, cause });
}

function refusal({ destination }: Address, cause: string, hint: string): UsageError {
  return new UsageError({ operation: "take Aplomo away from", subject: destination, cause, hint });
}
