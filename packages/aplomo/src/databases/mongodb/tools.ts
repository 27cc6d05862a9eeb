import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import type { Command } from "../../host/run.ts";

/** What a program says it is: `mongodump version: 100.9.5`, of old `mongodump version: r4.0.28`. */
export function toolVersion(text: string): string | undefined {
  return /version: r?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** The version of the programs at a place, when both are there. */
export async function findTools(ctx: Context, place: (argv: readonly [string, ...string[]]) => Command): Promise<string | undefined> {
  const versions = await Promise.all(
    ["mongodump", "mongorestore"].map(async (name) => {
      const result = await ctx.host.attempt({ ...place([name, "--version"]), timeout: 30_000 }, ctx.signal);
      return result.code === 0 ? toolVersion(result.stdout) : undefined;
    }),
  );
  return versions.every((version) => version !== undefined) ? versions[0] : undefined;
}

export function noTools(tried: readonly string[]): AplomoError {
  return new AplomoError({
    operation: "find",
    subject: "the database's client programs",
    cause: `mongodump and mongorestore are not in ${tried.join(", nor in ")}`,
    hint: "Install mongodb-database-tools (mongodb.com/try/download/database-tools).",
  });
}
