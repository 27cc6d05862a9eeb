import { createHash } from "node:crypto";
import type { ImageSettings } from "../config/schema.ts";

/** What an image is built of, as its labels and its name tell it. */
export interface Origin {
  /** The commit; null: the folder is no checkout. */
  commit: string | null;
  /** Something in it was not committed. */
  dirty: boolean;
  /** Of the package file beside aplomo.yml. */
  version: string | null;
}

/** Pure: for people and their tools; nothing decides by them. */
export function labelsOf({ commit, dirty, version }: Origin): Record<string, string> {
  return {
    ...(commit === null ? {} : { "org.opencontainers.image.revision": dirty ? `${commit}-dirty` : commit }),
    ...(version === null ? {} : { "org.opencontainers.image.version": version }),
  };
}

/** Pure: `1.4.0-ab12cd34ef56`. A release names the image by its digest; this is for who looks into the registry. */
export function tagOf({ commit, dirty, version }: Origin, stamp: string): string {
  const parts = [version, commit?.slice(0, 12), dirty || commit === null ? stamp : undefined].filter(
    (part) => part !== null && part !== undefined,
  );
  return parts
    .join("-")
    .replace(/[^\w.-]/g, "_")
    .slice(0, 128);
}

/** Pure: the same whenever the same would be built, as far as it is committed: `trees` are git's own hashes of what goes in. */
export function keyOf(settings: ImageSettings, trees: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([settings, trees]))
    .digest("hex");
}
