import { composeConfig } from "../../host/compose.ts";
import { configured, presentProject, run, type ComposeApp } from "./app.ts";
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
  const what = { operation: "read", subject: "the compose files", values: configured(app) };
  const result = await run(app, composeConfig(await presentProject(app, release)), what);
  const project = parseProject(result.stdout);
  return { project, parts: partsOf(project, app.settings), unset: unsetVariables(result.stderr) };
}

export function unsetVariables(said: string): string[] {
  const names = [...said.matchAll(/The \\?"?(\w+)\\?"? variable is not set/g)].map((match) => match[1] ?? "");
  return [...new Set(names)].sort();
}
