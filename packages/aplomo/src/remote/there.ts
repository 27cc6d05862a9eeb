import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AplomoError, UsageError } from "../base/errors.ts";
import { basename } from "node:path";
import { stamp } from "../base/time.ts";
import type { Config } from "../config/config.ts";
import { apartOf, sourceState } from "../deploy/source.ts";
import type { Context } from "../host/context.ts";
import { addressOf } from "./address.ts";
import { connect, type Connection } from "./connection.ts";
import { collect, type Outgoing } from "./files.ts";
import { followToEnd, listener } from "./follow.ts";
import { bringImages, imagesBuiltHere } from "./images.ts";
import { releasable } from "./interrupt.ts";
import { isAnswer, type Manner, type RunRequest } from "./messages.ts";
import { prepare } from "./prepare.ts";
import { filesGiven, type Given } from "./given.ts";
import { ownProgram, type Program } from "./program.ts";
import { openSession, type Session } from "./session.ts";
import { shellVariables } from "./variables.ts";

/** A command as it was typed on this machine. */
export interface Typed {
  argv: string[];
  manner: Manner;
  /** Options that name a file here. */
  fileOptions: readonly string[];
  /** Arguments that name files here, if there are such files. */
  given: readonly string[];
  /** It takes images: those that were built here are named, and those that no registry has are brought. */
  images: boolean;
}

/** Carries a command out on the application's server, shows its events as they come, and gives its exit code. */
export async function carryOutThere(ctx: Context, config: Config, typed: Typed): Promise<number> {
  const address = addressOf(config);
  if (!address) throw new Error("no host");
  const program = await ownProgram(process.argv[1]);
  const made = typed.images ? [...typed.argv, ...(await imagesBuiltHere(ctx, config, typed.argv))] : typed.argv;
  const sent = await filesGiven(typed.given);
  const base = await makeRequest(ctx, config, { ...typed, argv: made }, sent);
  const { ctx: own, release } = releasable(ctx);
  const connection = await connect(own, address);
  try {
    await ready(own, connection, program);
    const argv = typed.images ? await bringImages(own, connection, base.argv) : base.argv;
    return await exchange(own, connection, { program, config, base: { ...base, argv }, sent, release });
  } finally {
    release();
    await connection.close();
  }
}

/** A server that was set up once gets another version by itself; the first time is for `setup`, which looks at everything. */
export async function ready(ctx: Context, connection: Connection, program: Program): Promise<void> {
  const { server, address } = connection;
  if (server.version === undefined) {
    const hint = "Prepare it first: aplomo setup.";
    throw new UsageError({ operation: "work on", subject: address.destination, cause: "Aplomo was never set up there", hint });
  }
  const before = server.version;
  const put = await prepare(ctx, connection, program);
  if (put.program === "was there") return;
  const message = `${address.destination} had another Aplomo (${before}); it has the one of this machine now`;
  ctx.emit({ type: "warning", message });
}

async function makeRequest(
  ctx: Context,
  config: Config,
  { argv, manner, fileOptions }: Typed,
  sent: readonly Given[],
): Promise<RunRequest> {
  const { rest, attached } = await takeFiles(argv, fileOptions);
  const given = sent.map(({ argument, path: _path, ...file }) => ({ ...file, word: argument === null ? null : rest.indexOf(argument) }));
  return {
    do: "run",
    app: config.settings.app,
    id: `${stamp(ctx.now())}_${randomBytes(4).toString("hex")}`,
    manner,
    argv: rest,
    config: basename(config.file),
    files: null,
    attached,
    given,
    variables: {},
    source: { ...(await sourceState(ctx, config.directory)), apart: await apartOf(ctx, config.directory) },
  };
}

interface Exchange {
  program: Program;
  config: Config;
  base: RunRequest;
  sent: readonly Given[];
  /** From then on an interrupt is the listener's to answer. */
  release: () => void;
}

async function exchange(ctx: Context, connection: Connection, { program, config, base, sent, release }: Exchange): Promise<number> {
  let outgoing: Outgoing | undefined;
  const complete = async (): Promise<RunRequest> => {
    outgoing ??= await collect(ctx, config);
    for (const { sha256, path, size } of sent) outgoing.contents.set(sha256, { path, size });
    const variables = shellVariables(config, await readFile(config.file, "utf8"), process.env);
    return { ...base, files: outgoing.files, variables };
  };
  const { address } = connection;
  const watched = { app: base.app, id: base.id, address, program };
  const listening = listener(ctx);
  let session = openSession(connection, program, base.manner === "look" ? base : await complete());
  for (let line = await session.next(); line !== undefined; line = await session.next()) {
    if (!isAnswer(line)) listening.take(line);
    else if (line.type === "remote.ended") return line.exitCode;
    else if (line.type === "remote.files") session = openSession(connection, program, await complete());
    else if (line.type === "remote.need") await sendContents(session, line.sha256, outgoing);
    else if (line.type === "remote.run") {
      release();
      return followToEnd(ctx, connection, session, watched);
    }
  }
  ctx.signal.throwIfAborted();
  // It may have begun in the very moment in which the connection was lost.
  if (base.manner === "work" && !connection.alive()) {
    release();
    return followToEnd(ctx, connection, session, watched);
  }
  const cause = session.said() || "the program there ended without an answer";
  throw new AplomoError({ operation: "work on", subject: address.destination, cause, hint: "See what `aplomo setup` says of it." });
}

async function sendContents(session: Session, wanted: readonly string[], outgoing: Outgoing | undefined): Promise<void> {
  for (const sha256 of wanted) {
    const content = outgoing?.contents.get(sha256);
    if (!content || !(await session.send(content.path, content.size))) return;
  }
}

/** Takes options with files out of a command line and reads them. */
async function takeFiles(
  argv: readonly string[],
  options: readonly string[],
): Promise<{ rest: string[]; attached: RunRequest["attached"] }> {
  const rest: string[] = [];
  const attached: RunRequest["attached"] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    const option = options.find((name) => word === name || word.startsWith(`${name}=`));
    if (option === undefined) {
      rest.push(word);
      continue;
    }
    const file = word === option ? argv[++index] : word.slice(option.length + 1);
    const content = await readFile(file ?? "", "utf8").catch((cause: unknown) => {
      throw new UsageError({ operation: "read", subject: `${option} ${file ?? ""}`, cause, hint: "Name a file of this machine." });
    });
    attached.push({ option, content });
  }
  return { rest, attached };
}
