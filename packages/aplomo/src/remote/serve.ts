import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { dismissAgent } from "../agent/keep.ts";
import type { Program } from "../agent/start.ts";
import { AplomoError } from "../base/errors.ts";
import { appPaths } from "../deploy/paths.ts";
import type { Context } from "../host/context.ts";
import { inspectServer, keepCheck } from "./checks.ts";
import { whatDepends } from "./depends.ts";
import type { Answer, Request, RunRequest } from "./messages.ts";
import { Reader } from "./reader.ts";
import { contentFile, findRun, followRun, isRunning, lastWords, makeRunFolder, startRun, writeRequest, type Run } from "./runs.ts";
import { tidyPrograms } from "./tidy.ts";
import { compare, hasFiles, hashFile, workspaceOf } from "./workspace.ts";

/** Where answers go, and how a command is carried out in this very process. */
export interface Door {
  input: Readable;
  /** One line, an event as it stands or an answer. */
  tell(line: string): void;
  /** This program, by the name that stays when another version comes. */
  program: Program;
  carryOut(folder: string): Promise<number>;
}

/** Answers one request that came over ssh. */
export async function serve(ctx: Context, door: Door): Promise<void> {
  const reader = new Reader(door.input);
  const text = await reader.line();
  if (text === undefined) return;
  const request = JSON.parse(text) as Request;
  const tell = (answer: Answer): void => door.tell(JSON.stringify(answer));
  switch (request.do) {
    case "run":
      return answerRun(ctx, door, reader, request);
    case "follow": {
      const run = await findRun(appPaths(ctx.home, request.app).root, request.id);
      return run ? follow(ctx, door, run, request.from) : tell({ type: "remote.none" });
    }
    case "stop": {
      const run = await findRun(appPaths(ctx.home, request.app).root, request.id);
      if (run && isRunning(run)) process.kill(run.pid, "SIGINT");
      return tell(run ? { type: "remote.done" } : { type: "remote.none" });
    }
    case "inspect":
      return tell({
        type: "remote.checks",
        now: ctx.now().toISOString(),
        checks: await inspectServer(ctx, request.kind),
        ...(await whatDepends(ctx)),
      });
    case "agent": {
      const { folder: directory } = workspaceOf(appPaths(ctx.home, request.app).root);
      const place = { program: door.program, directory, kind: request.kind };
      if (request.act === "keep") return tell({ type: "remote.agent", check: await keepCheck(ctx, place) });
      return tell({ type: "remote.dismissed", by: (await dismissAgent(ctx, place)) ?? null });
    }
    case "tidy":
      await tidyPrograms(join(ctx.home, "server"), request.keep);
      return tell({ type: "remote.done" });
  }
}

async function answerRun(ctx: Context, door: Door, reader: Reader, request: RunRequest): Promise<void> {
  const { root } = appPaths(ctx.home, request.app);
  const tell = (answer: Answer): void => door.tell(JSON.stringify(answer));
  const workspace = workspaceOf(root);
  if (request.files === null && !(await hasFiles(workspace))) return tell({ type: "remote.files" });
  const folder = await makeRunFolder(root, request.id);
  await receive(ctx, door, reader, request, folder);
  await writeRequest(folder, request);
  if (request.manner !== "work") {
    const exitCode = await door.carryOut(folder);
    await rm(folder, { recursive: true, force: true });
    return tell({ type: "remote.ended", exitCode });
  }
  const run = await startRun(ctx, folder);
  if (!run) throw new AplomoError({ operation: "begin", subject: request.argv.join(" "), cause: "its process ended at once" });
  await follow(ctx, door, run, 0);
}

/** Asks for the contents that are not here, and keeps them beside until the command has the lock. */
async function receive(ctx: Context, door: Door, reader: Reader, { app, files, given }: RunRequest, folder: string): Promise<void> {
  if (files === null) return;
  const { put } = await compare(workspaceOf(appPaths(ctx.home, app).root), files);
  const needed = new Map([...put, ...given].flatMap((file) => ("sha256" in file ? [[file.sha256, file.size] as const] : [])));
  door.tell(JSON.stringify({ type: "remote.need", sha256: [...needed.keys()] } satisfies Answer));
  for (const [sha256, size] of needed) {
    const beside = join(folder, "partial");
    await pipeline(reader.bytes(size), createWriteStream(beside, { mode: 0o600 }));
    if ((await hashFile(beside)) !== sha256)
      throw new AplomoError({ operation: "receive", subject: "a file", cause: "it was changed while it was sent", hint: "Run it again." });
    await rename(beside, contentFile(folder, sha256));
  }
}

async function follow(ctx: Context, door: Door, run: Run, from: number): Promise<void> {
  const tell = (answer: Answer): void => door.tell(JSON.stringify(answer));
  tell({ type: "remote.run", id: run.id, argv: run.argv, since: run.since, running: isRunning(run) });
  const exitCode = await followRun(run, from, (line) => door.tell(line), ctx.signal);
  tell(exitCode === undefined ? { type: "remote.gone", said: await lastWords(run) } : { type: "remote.ended", exitCode });
}
