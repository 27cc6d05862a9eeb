import { hostname, userInfo } from "node:os";
import { dismissAgent } from "../agent/keep.ts";
import type { Program as AgentProgram } from "../agent/start.ts";
import { AplomoError, UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import { addressOf, type Address } from "./address.ts";
import { clockCheck, good, inspectServer, keepCheck } from "./checks.ts";
import { connect, type Connection } from "./connection.ts";
import { whatDepends } from "./depends.ts";
import type { Answer, Check } from "./messages.ts";
import { prepare } from "./prepare.ts";
import { ownProgram, type Program } from "./program.ts";
import { removeProgram } from "./scripts.ts";
import { openSession } from "./session.ts";

/** What is wanted besides, and the program that keeps the agent, should this be the server. */
export interface Wanted {
  agent: boolean;
  program: AgentProgram;
}

/** What a server looks like after it was prepared. */
export interface SetUp {
  host: string;
  user: string;
  folder: string;
  /** Whether anything had to be put there. */
  changed: boolean;
  checks: Check[];
}

/** Puts the program on the server, and Node where it has none, has the agent kept running, and looks at what a deploy will need. Twice is as good as once. */
export async function setUp(ctx: Context, config: Config, wanted: Wanted): Promise<SetUp> {
  const address = addressOf(config);
  if (!address) return setUpHere(ctx, config, wanted);
  return withServer(ctx, address, async (connection, program) => {
    const { server } = connection;
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
      wanted.agent ? (await askAgent(connection, program, config, "keep", "remote.agent")).check : leftAlone,
    ];
    await answer(openSession(connection, program, { do: "tidy", keep: program.name }), "remote.done", address);
    const changed = put.program === "put" || put.node === "put";
    return { host: address.destination, user: server.user, folder: server.home, changed, checks };
  });
}

const leftAlone = good("agent", "left as it is");

/** On the server itself: the program is there. */
async function setUpHere(ctx: Context, { settings, directory }: Config, wanted: Wanted): Promise<SetUp> {
  const { kind } = settings.target;
  const checks = [
    good("Aplomo", version),
    good("Node", process.version),
    ...(await inspectServer(ctx, kind)),
    wanted.agent ? await keepCheck(ctx, { program: wanted.program, directory, kind }) : leftAlone,
  ];
  return { host: hostname(), user: userInfo().username, folder: ctx.home, changed: false, checks };
}

/** What was taken away, and what stays because it is the application's. */
export interface TakenAway {
  host: string;
  folder: string;
  /** The program. */
  removed: boolean;
  /** On this machine, where the program is npm's and stays. */
  here: boolean;
  /** By whom the agent was kept running until now. */
  agent: string | null;
}

/** Takes away what `setUp` put there. Releases, backups and what runs are left alone. */
export async function takeAway(ctx: Context, config: Config, { program: own }: Wanted): Promise<TakenAway> {
  const address = addressOf(config);
  if (!address) return takeAwayHere(ctx, config, own);
  return withServer(ctx, address, async (connection, program) => {
    const { server } = connection;
    const found = { host: address.destination, folder: server.home, here: false };
    if (server.entries.length === 0) return { ...found, removed: false, agent: null };
    // Asked by the program itself, which is brought up to date for it.
    await prepare(ctx, connection, program);
    const { running, scheduled } = await inspect(connection, program, config);
    if (running.length > 0)
      throw refusal(address.destination, `${running.join(", ")} runs there`, "Wait until it has ended: aplomo attach.");
    if (scheduled.length > 0) throw missed(address.destination, scheduled);
    const { by } = await askAgent(connection, program, config, "dismiss", "remote.dismissed");
    await connection.run(removeProgram);
    return { ...found, removed: true, agent: by };
  });
}

async function takeAwayHere(ctx: Context, { settings, directory }: Config, program: AgentProgram): Promise<TakenAway> {
  const { byAgent } = await whatDepends(ctx);
  if (byAgent.length > 0) throw missed(hostname(), byAgent);
  const by = await dismissAgent(ctx, { program, directory, kind: settings.target.kind });
  return { host: hostname(), folder: ctx.home, here: true, removed: false, agent: by ?? null };
}

async function withServer<T>(ctx: Context, address: Address, act: (connection: Connection, program: Program) => Promise<T>): Promise<T> {
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

function askAgent<T extends Answer["type"]>(
  connection: Connection,
  program: Program,
  { settings: { app, target } }: Config,
  act: "keep" | "dismiss",
  type: T,
): Promise<Extract<Answer, { type: T }>> {
  return answer(openSession(connection, program, { do: "agent", act, app, kind: target.kind }), type, connection.address);
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

function missed(subject: string, apps: readonly string[]): UsageError {
  const hint = "End that first: aplomo backup schedule --uninstall, or aplomo agent remove.";
  return refusal(subject, `the daily backup of ${apps.join(", ")} is made by it`, hint);
}

function refusal(subject: string, cause: string, hint: string): UsageError {
  return new UsageError({ operation: "take Aplomo away from", subject, cause, hint });
}
