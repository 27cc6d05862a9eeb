import { AplomoError } from "../../base/errors.ts";
import type { SourceSettings } from "../../config/schema.ts";
import { currentRelease, readRelease } from "../releases.ts";
import { checkSource } from "../source-checks.ts";
import type { Step, Work } from "../step.ts";

/** The checkout is one that others could deploy, too: as grave as `source` says. No step where it asks nothing. */
export function checkout(settings: SourceSettings): Step[] {
  if (Object.values(settings).every((level) => level === "off")) return [];
  return [
    {
      id: "prepare.source",
      phase: "prepare",
      title: "check that the source is committed and in step",
      run: (work) => run(work, settings),
    },
  ];
}

async function run({ ctx, config, paths }: Work, settings: SourceSettings): Promise<{ warnings: string[] }> {
  const current = await currentRelease(paths);
  const before = current && (await readRelease(current));
  const found = await checkSource(ctx, config.directory, before?.appVersion ?? null);
  const errors = found.filter(({ check }) => settings[check] === "error");
  const [first] = errors;
  if (first) {
    const cause = errors.map(({ message }) => message).join("; ");
    throw new AplomoError({
      operation: "accept",
      subject: "the source",
      cause,
      hint: `${first.hint}; \`source\` in aplomo.yml decides what refuses a deploy`,
    });
  }
  const warnings = found.filter(({ check }) => settings[check] === "warning");
  for (const { message, hint } of warnings) ctx.emit({ type: "warning", message, hint });
  return { warnings: warnings.map(({ message }) => message) };
}
