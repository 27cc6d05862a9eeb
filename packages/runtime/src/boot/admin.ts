import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { runCommand } from "./command.ts";
import type { Boot, Said } from "./context.ts";
import { BootError } from "./failure.ts";
import { openSession } from "./wait.ts";

/** Passwords from examples and tutorials, and everything that is shorter than this, let anybody in. */
const known = /^(admin|administrator|root|secret|change-?me|password|passw0rd|qwerty|letmein|welcome|test|demo|default)?[\d!@#._-]*$/i;
const shortest = 10;

/** Creates the administrator when the query finds none. The password comes from the environment or a file, or is made and shown once. */
export async function admin(boot: Boot, lost: AbortSignal): Promise<Said> {
  const { admin: job } = boot.settings;
  if (!job) return "nothing to run";
  if (await exists(boot, job.find)) return "already there";
  const given = givenPassword(boot.env, job.password);
  if (given !== undefined && (given.length < shortest || known.test(given))) {
    throw new BootError(`${job.password} is too short or too well known for an administrator`, {
      hint: `use ${shortest} characters or more, or leave it out: one is made and shown once`,
    });
  }
  const password = given ?? randomBytes(18).toString("base64url");
  const redact = (line: string): string => boot.redact(line).replaceAll(password, "[secret]");
  const { ok, ending } = await runCommand({ ...boot, redact }, job.run, {
    limit: job.time_limit,
    signal: lost,
    env: { [job.password]: password },
  });
  boot.signal.throwIfAborted();
  if (!ok)
    throw new BootError(`creating the administrator failed (${ending})`, { hint: "its output above says why; correct it and start again" });
  if (!(await exists(boot, job.find))) {
    throw new BootError("the command that creates the administrator ended well, but admin.find still finds none", {
      hint: "do the command and admin.find mean the same administrator?",
    });
  }
  if (given === undefined) boot.log("warn", `the administrator's password, shown this once: ${password}`);
  return "created";
}

async function exists(boot: Boot, query: string): Promise<boolean> {
  const session = await openSession(boot, boot.settings.database.url);
  if (!session) throw new BootError("admin needs PostgreSQL or MySQL", { hint: "create the administrator in an idempotent seed instead" });
  try {
    return (await session.query(query)).length > 0;
  } catch (error) {
    throw new BootError(`admin.find failed: ${boot.redact((error as Error).message)}`, { hint: "correct the query in aplomo.boot.json" });
  } finally {
    session.close();
  }
}

function givenPassword(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (env[name]) return env[name];
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new BootError(`could not read ${name}_FILE: ${(error as Error).message}`, {
      hint: "is the secret mounted, and readable by this user?",
    });
  }
}
