import { AplomoError } from "../../base/errors.ts";
import { reveal } from "../../base/secret.ts";
import type { Context } from "../../host/context.ts";
import { lastLines } from "../../host/run.ts";
import type { Job, JobResult, ReleaseFolder } from "../contract.ts";
import { maskEnvironment } from "../release-env.ts";
import { readEcosystem } from "./ecosystem.ts";
import { layout, readRecord } from "./layout.ts";
import { baseEnvironment } from "./program.ts";
import { runRecorded, settle } from "../../host/recorded-run.ts";

/** Runs a command in the release's folder with its environment; what a crash left of it is ended first. */
export async function runOnce(ctx: Context, release: ReleaseFolder, job: Job): Promise<JobResult> {
  await readRecord(release);
  if (!/^[\w.-]+$/.test(job.id)) throw new AplomoError({ operation: "run", subject: job.id, cause: "a job's id names its files" });
  const { cwd, env: own } = await readEcosystem(release);
  const { runs } = layout(release);
  await settle(ctx.host, { folder: runs, id: job.id }, "end", 0);

  const given = Object.fromEntries(Object.entries(job.env).map(([name, value]) => [name, reveal(value)]));
  const env = { ...baseEnvironment(), ...own, ...given };
  const command = { argv: job.run, cwd, env, cleanEnv: true };
  const { output, ...end } = await runRecorded(ctx.host, { folder: runs, id: job.id, command, limit: job.limit, signal: job.signal });
  return { ...end, durationMs: Math.round(end.durationMs), output: lastLines(maskEnvironment(output.trimEnd(), env), 40) };
}
