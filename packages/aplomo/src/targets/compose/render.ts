import { UsageError } from "../../base/errors.ts";
import { composeConfig } from "../../host/compose.ts";
import type { Result } from "../../host/run.ts";
import { configured, noRelease, presentProject, run, type ComposeApp } from "./app.ts";
import { parseProject, type Project } from "./model.ts";
import { partsOf, type Parts } from "./services.ts";

/** The user's present files, as compose understands them with the present environment. */
export interface Rendered {
  project: Project;
  parts: Parts;
  /** Variables the files use that are set nowhere: compose puts an empty text in their place. */
  unset: string[];
}

/** `release` is what the files see as APLOMO_RELEASE. */
export async function render(app: ComposeApp, release?: string): Promise<Rendered> {
  const said = await ask(app);
  // Compose puts the word there as it is; so can we, and one answer serves every release.
  const project = parseProject(release === undefined ? said.stdout : said.stdout.replaceAll(noRelease, release));
  for (const [name, image] of app.config.built ?? []) {
    const service = project.services[name];
    if (!service) throw noService(name);
    const { build: _build, ...rest } = service;
    project.services[name] = { ...rest, image };
  }
  return { project, parts: partsOf(project, app.settings), unset: unsetVariables(said.stderr) };
}

function noService(name: string): UsageError {
  const cause = "the compose files have no service of this name";
  return new UsageError({ operation: "take an image for", subject: name, cause, hint: "Correct the name under images in aplomo.yml." });
}

function ask(app: ComposeApp): Promise<Result> {
  const what = { operation: "read", subject: "the compose files", values: configured(app) };
  return app.once("compose files", async () => run(app, composeConfig(await presentProject(app)), what));
}

export function unsetVariables(said: string): string[] {
  const names = [...said.matchAll(/The \\?"?(\w+)\\?"? variable is not set/g)].map((match) => match[1] ?? "");
  return [...new Set(names)].sort();
}
