import { rm } from "node:fs/promises";
import type { ReleaseFolder } from "../../targets/contract.ts";
import type { Facts } from "../facts.ts";
import { pointTo, unpoint } from "../releases.ts";
import type { Step } from "../step.ts";

/** The step that makes a deployment final: before it everything is undone, after it everything is finished. */
export const commitStep = "keep.current";

export function current(facts: Facts): Step {
  return {
    id: commitStep,
    phase: "keep",
    title: `record ${facts.release.id} as the release in front`,
    async run(work) {
      await pointTo(work.paths, facts.release);
      return { current: facts.release.id };
    },
    // Reached only when the link was set and could not be made to last, or not set at all.
    async undo(work) {
      if (facts.previous && !facts.adopt) await pointTo(work.paths, facts.previous);
      else await unpoint(work.paths);
      return { current: facts.adopt ? null : (facts.previous?.id ?? null) };
    },
  };
}

export function retire(previous: ReleaseFolder, release: ReleaseFolder): Step {
  return {
    id: "keep.retire",
    phase: "keep",
    title: `remove the stopped units of ${previous.id}`,
    async run(work) {
      await work.target.retire(previous, release);
      return { retired: previous.id };
    },
  };
}

/** Releases beyond the number kept go, images and folders; backups have a retention of their own. */
export function prune(facts: Facts): Step {
  return {
    id: "keep.prune",
    phase: "keep",
    title: `remove old releases ${facts.prune.map((release) => release.id).join(", ")}`,
    async run(work) {
      for (const release of facts.prune) {
        await work.target.discard(release);
        await rm(release.path, { recursive: true, force: true });
      }
      return { removed: facts.prune.map((release) => release.id) };
    },
  };
}
