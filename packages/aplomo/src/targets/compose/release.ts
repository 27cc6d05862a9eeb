import { createHash } from "node:crypto";
import { chmod, copyFile, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { ReleaseFolder } from "../contract.ts";
import { freezeJobs, freezeUnits, type About, type Frozen } from "./freeze.ts";
import { parseProject, writeProject, type FileResource, type Project } from "./model.ts";

/** Where the parts of a release lie in its folder. */
export function layout(release: ReleaseFolder): {
  units: string;
  jobs: string;
  /** Of one service. */
  beside: (service: string) => string;
  sums: string;
  files: string;
} {
  const at = (name: string): string => join(release.path, name);
  // The sums are written last: a release without them is not complete.
  return {
    units: at("compose.yml"),
    jobs: at("jobs.yml"),
    beside: (service) => at(`beside-${service}.yml`),
    sums: at("compose.sums"),
    files: at("files"),
  };
}

/** Writes a release down. `environment` is where secrets and configurations that come from a variable take their value. */
export async function writeFrozen(
  release: ReleaseFolder,
  project: Project,
  about: About,
  environment: Record<string, string>,
): Promise<void> {
  await makePrivateFolder(release.path);
  await chmod(release.path, 0o700);
  const own = await keepFiles(release, project, environment);
  const { units, jobs } = layout(release);
  await writeFileSafely(units, writeProject(freezeUnits(own, about)));
  await writeFileSafely(jobs, writeProject(freezeJobs(own, about)));
  await sealFiles(release);
}

/** Written last: from here on the release is complete. */
export async function sealFiles(release: ReleaseFolder): Promise<void> {
  const { units, jobs, sums } = layout(release);
  await writeFileSafely(sums, await sumsOf([units, jobs]));
}

/** Files that containers get as secrets or configuration are copied: what the user changes later is another release's. */
async function keepFiles(release: ReleaseFolder, project: Project, environment: Record<string, string>): Promise<Project> {
  const keep = async (kind: string, resources: Record<string, FileResource>): Promise<Record<string, FileResource>> => {
    const kept = await Promise.all(
      Object.entries(resources).map(async ([name, resource]) => {
        const file = join(layout(release).files, `${kind}-${name}`);
        if (resource.file === undefined && resource.environment === undefined) return [name, resource];
        await makePrivateFolder(layout(release).files);
        await rm(file, { force: true });
        if (resource.file === undefined) {
          const variable = resource.environment ?? "";
          // Readable inside the container whoever runs there; out here the folder keeps others away.
          await writeFile(file, environment[variable] ?? process.env[variable] ?? "", { mode: 0o444 });
        } else if ((await stat(resource.file)).isDirectory()) return [name, resource];
        else await copyFile(resource.file, file);
        const { environment: _environment, ...rest } = resource;
        return [name, { ...rest, file }];
      }),
    );
    return Object.fromEntries(kept) as Record<string, FileResource>;
  };
  return {
    ...project,
    ...(project.secrets ? { secrets: await keep("secret", project.secrets) } : {}),
    ...(project.configs ? { configs: await keep("config", project.configs) } : {}),
  };
}

export async function readFrozen(release: ReleaseFolder): Promise<Frozen> {
  const frozen = await findFrozen(release);
  if (frozen) return frozen;
  throw new AplomoError({
    operation: "read",
    subject: `release ${release.id}`,
    cause: `it was never completely staged: ${layout(release).sums} is missing`,
    hint: "Deploy again, or go back to a release that `aplomo history` shows as complete.",
  });
}

/** The release as it was staged, or undefined when it was not, or not completely. */
export async function findFrozen(release: ReleaseFolder): Promise<Frozen | undefined> {
  const { units, sums } = layout(release);
  const text = (await readIfPresent(sums)) === undefined ? undefined : await readIfPresent(units);
  if (text === undefined) return undefined;
  // `x-aplomo` went through the same doubling of `$`, and so does it back.
  return { ...parseProject(text), "x-aplomo": parseAbout(text) };
}

function parseAbout(text: string): About {
  return (JSON.parse(text.replaceAll("$$", "$")) as { "x-aplomo": About })["x-aplomo"];
}

/** Throws when the files are not those that were staged. */
export async function verifyFiles(release: ReleaseFolder): Promise<void> {
  const { units, jobs, sums } = layout(release);
  await readFrozen(release);
  const now = await sumsOf([units, jobs]).catch(() => "");
  if (now === (await readFile(sums, "utf8"))) return;
  throw new AplomoError({
    operation: "start from",
    subject: `release ${release.id}`,
    cause: `its files in ${release.path} were changed after it was staged`,
    hint: "Go back to another release, or deploy again.",
  });
}

async function sumsOf(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const hash = createHash("sha256").update(await readFile(path));
      return `${hash.digest("hex")}  ${path.slice(path.lastIndexOf("/") + 1)}\n`;
    }),
  );
  return lines.join("");
}
