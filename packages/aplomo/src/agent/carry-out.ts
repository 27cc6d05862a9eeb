import { claimRun, endRun } from "./runs.ts";

/** Set for a process that the agent starts: the folder of the run it is to carry out. */
export const runVariable = "APLOMO_RUN";

/** Carries a run out, unless another process does: the agent may have died between starting one and knowing of it. */
export async function carryOut(folder: string, body: () => Promise<number>): Promise<number> {
  if (!(await claimRun(folder, new Date()))) return 0;
  const exitCode = await body();
  await endRun(folder, exitCode, new Date());
  return exitCode;
}
