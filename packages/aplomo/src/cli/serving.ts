import { dirname, join } from "node:path";
import { arrive } from "../remote/arrive.ts";
import type { Answer } from "../remote/messages.ts";
import { announceRun, endRun, pruneRuns, takeRequest } from "../remote/runs.ts";
import { serve } from "../remote/serve.ts";
import type { RunRequest } from "../remote/messages.ts";
import { writeLine } from "../report/lines.ts";
import { main } from "./main.ts";
import type { GlobalOptions } from "./options.ts";
import { lastingProgram } from "./program.ts";
import { inShell } from "./shell.ts";

/** Events as lines: a laptop's printer shows them. */
const options: GlobalOptions = { config: "", json: true };

/** What ssh starts on a server: answers one request of a laptop. Its output is for that program, not for people. */
export async function serveOne(): Promise<number> {
  const exitCode = await inShell(options, async ({ ctx }) => {
    const here = async (folder: string): Promise<number> => carryOut(folder, await takeRequest(folder));
    await serve(ctx, { input: process.stdin, tell: writeLine, program: lastingProgram(ctx.home), carryOut: here });
    return 0;
  });
  // It could not even begin; the reason went out as an event.
  if (exitCode !== 0) writeLine(JSON.stringify({ type: "remote.ended", exitCode } satisfies Answer));
  process.stdin.destroy();
  return exitCode;
}

/** What `serveOne` starts in a session of its own: one command, whose end outlives whoever asked for it. */
export async function carryOutRun(folder: string): Promise<number> {
  const request = await takeRequest(folder);
  await announceRun(folder, request, new Date());
  await pruneRuns(dirname(dirname(folder)));
  const exitCode = await carryOut(folder, request);
  await endRun(folder, exitCode);
  return exitCode;
}

function carryOut(folder: string, request: RunRequest): Promise<number> {
  return inShell(options, async ({ ctx }) => {
    const { argv, lock, source } = await arrive(ctx, folder, request);
    // A schedule that is made now must find a program also after this version is gone.
    const program = process.argv[1] ?? "";
    process.argv[1] = join(dirname(dirname(program)), "current", "aplomo.js");
    try {
      return await main([process.execPath, program, ...argv], { lock, source });
    } finally {
      await lock?.release();
    }
  });
}
