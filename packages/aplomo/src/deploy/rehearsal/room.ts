import { dirname } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import type { Database } from "../../databases/contract.ts";
import type { Rehearsal, Room } from "../../targets/rehearsal.ts";
import type { Work } from "../step.ts";
import { factsOf, freeSpace, mebibytes } from "../steps/prepare.ts";
import { copyName, livesInRoom } from "./copies.ts";
import { redirect, type Redirection } from "./redirect.ts";

/** Times the databases' size that must be free. */
const spare = 1.5;

/** A copy takes about what its database takes (field notes: 0.8 to 1.0 times), and what the migration writes anew. */
export async function refuseFullDisk(work: Work): Promise<void> {
  const bytes = work.databases.reduce((sum, { name }) => sum + (factsOf(work, name)?.bytes ?? 0), 0);
  const free = await freeSpace(work.paths.backups);
  if (free >= bytes * spare) return;
  throw new AplomoError({
    operation: "rehearse",
    subject: work.facts.release.id,
    cause: `${mebibytes(free)} are free, and the databases have ${mebibytes(bytes)}: a copy may not fit`,
    hint: "Free disk space, or deploy with --no-rehearsal.",
  });
}

/** Opens what the release is performed in, with every variable that names a database leading to its copy; `redirected` are those. */
export async function openRoom(work: Work, rehearsal: Rehearsal): Promise<{ room: Room; redirected: string[] }> {
  const { config, facts } = work;
  const beside = work.databases.filter(({ name }) => !livesInRoom(config, name));
  const redirections = await Promise.all(
    beside.map(async (database): Promise<Redirection> => {
      const settings = config.settings.databases[database.name] ?? {};
      return { database: database.name, settings, place: await database.place(copyName(work)) };
    }),
  );
  const [named, redirected] = [new Set<string>(), new Set<string>()];
  const room = await rehearsal.open([facts.release, ...(facts.previous ? [facts.previous] : [])], {
    env: config.settings.rehearsal.env,
    outside: redirections.some(({ settings }) => settings.file === undefined),
    folders: redirections.flatMap(({ settings, place }) => (settings.file === undefined ? [] : [dirname(place)])),
    rewrite(name, value) {
      const other = redirect(value, redirections, config.directory, named);
      if (other !== value) redirected.add(name);
      return other;
    },
    // Not the release's own: that it names the copy does not say that the migration runs there.
    rewriteBeside: (value) => redirect(value, redirections, config.directory),
  });
  const lost = beside.find(({ name }) => !named.has(name));
  if (!lost) return { room, redirected: [...redirected] };
  throw new AplomoError({
    operation: "rehearse",
    subject: facts.release.id,
    cause: `no variable of the release says where database ${lost.name} is, so its migration would run on production's`,
    hint: `Give the app its address in a variable, equal to databases.${lost.name}.url or .file; or deploy with --no-rehearsal.`,
  });
}

/** The pipeline's own gates and jobs, with everything they touch exchanged for the copy. */
export function insideOf(work: Work, rehearsal: Rehearsal, copies: Database[]): Work {
  const { settings } = work.config;
  const smoke = settings.smoke.filter((check) => check.get.startsWith("/"));
  return {
    ...work,
    config: { ...work.config, settings: { ...settings, smoke, health: { ...settings.health, public: [] } } },
    databases: copies,
    target: { ...work.target, runOnce: (release, job) => rehearsal.runOnce(release, { ...job, id: `${job.id}-rehearsal` }) },
  };
}
