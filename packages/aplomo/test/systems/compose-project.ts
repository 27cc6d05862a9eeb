import { docker } from "../support/compose.ts";

/** Whatever an example left of its compose project; also what an earlier run, that was killed, left. */
export async function clearProject(project: string): Promise<void> {
  const list = async (...args: string[]): Promise<string[]> => (await docker(...args)).split("\n").filter(Boolean);
  const labelled = ["--filter", `label=com.docker.compose.project=${project}`];
  for (const id of await list("ps", "-aq", ...labelled)) await docker("rm", "--force", "--volumes", id).catch(() => "");
  for (const kind of ["network", "volume"]) {
    for (const name of await list(kind, "ls", "--quiet", ...labelled)) await docker(kind, "rm", name).catch(() => "");
  }
  for (const tag of await list("images", "--format", "{{.Repository}}:{{.Tag}}", `aplomo.local/${project}/*`)) {
    await docker("rmi", tag).catch(() => "");
  }
}
