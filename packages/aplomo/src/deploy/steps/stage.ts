import { rm } from "node:fs/promises";
import { AplomoError } from "../../base/errors.ts";
import type { Staged } from "../../targets/contract.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { keepMigrations } from "../migrations.ts";
import { writeRelease, type Release } from "../releases.ts";
import type { Facts } from "../facts.ts";
import type { Step, Work } from "../step.ts";
import { sourceState } from "../source.ts";

/** What runs was not started by Aplomo: it becomes a release of its own, so that it can be returned to exactly. */
export function adopt(previous: string): Step {
  return {
    id: "prepare.adopt",
    phase: "prepare",
    title: `take down what runs now as release ${previous}`,
    async run(work) {
      const folder = work.facts.previous;
      if (!folder) throw new Error("nothing to adopt");
      await makePrivateFolder(folder.path);
      const staged = await work.target.adopt(folder);
      if (!staged) {
        throw new AplomoError({
          operation: "take down",
          subject: "what runs now",
          cause: "it has ended meanwhile",
          hint: "run `aplomo deploy` again",
        });
      }
      await writeRelease(folder, await record(work, folder.id, staged, true));
      return staged.evidence;
    },
  };
}

export function stage(facts: Facts): Step {
  const { release } = facts;
  if (facts.action === "rollback" || facts.action === "restore") {
    return {
      id: "prepare.stage",
      phase: "prepare",
      title: `check that ${release.id} is still whole`,
      run: (work) => work.target.verify(release),
    };
  }
  return {
    id: "prepare.stage",
    phase: "prepare",
    title: facts.code ? `make release ${release.id} of ${facts.code.id} and the present environment` : `make release ${release.id}`,
    ...(facts.differences.length > 0 ? { details: facts.differences } : {}),
    async run(work) {
      if (facts.code) await work.target.verify(facts.code);
      await makePrivateFolder(release.path);
      const { previous, kept = [] } = facts;
      const staged = await work.target.stage(release, facts.code, previous ? { of: previous, services: kept } : undefined);
      if (work.config.settings.migrate?.files !== undefined && work.target.migrations)
        await keepMigrations(release, await work.target.migrations(release));
      const made = await record(work, release.id, staged, false);
      await writeRelease(release, made);
      const { author, commit, dirty, appVersion = null } = made;
      return { ...staged.evidence, artifacts: staged.artifacts, source: { author, commit, dirty, appVersion } };
    },
    undoTitle: `remove release ${release.id}`,
    async undo(work) {
      await work.target.discard(release);
      await rm(release.path, { recursive: true, force: true });
      return { removed: release.id };
    },
  };
}

async function record(work: Work, id: string, staged: Staged, adopted: boolean): Promise<Release> {
  const { evidence: _evidence, ...made } = staged;
  return {
    version: 1,
    id,
    app: work.facts.app,
    kind: work.target.kind,
    createdAt: work.ctx.now().toISOString(),
    deployment: work.facts.deployment,
    adopted,
    ...(await sourceState(work.ctx, work.config.directory)),
    ...made,
  };
}
