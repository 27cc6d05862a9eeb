import { main } from "../../../src/cli/main.ts";
import { bin } from "./aplomo.ts";
import type { Call } from "./resident.ts";

// The process of resident.ts. It ends when the test that began it has.
process.argv[1] = bin;
process.on("message", ({ args, cwd, env }: Call) => void carryOut(args, cwd, env));

async function carryOut(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  const [stdout, stderr] = [kept(process.stdout), kept(process.stderr)];
  const code = await main(["node", bin, ...args]).catch((error: unknown) => {
    // As Node ends a process.
    process.stderr.write(`${(error as Error).stack}\n`);
    return 1;
  });
  process.send?.({ code, stdout: stdout(), stderr: stderr() });
}

/** What is written to it from now on. */
function kept(stream: NodeJS.WriteStream): () => string {
  let said = "";
  stream.write = (text: string | Uint8Array, ...[encoding, done]: unknown[]) => {
    said += typeof text === "string" ? text : Buffer.from(text).toString();
    const call = typeof encoding === "function" ? encoding : done;
    if (typeof call === "function") process.nextTick(call);
    return true;
  };
  return () => said;
}
