import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import type { Settings } from "../config/schema.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";

/** An image that stands in its registry, or, without a repository, in the engine that built it. */
export interface Built {
  service: string;
  /** `registry.example/web@sha256:...`, or the image's own id: neither ever means another image. */
  reference: string;
  /** For people. */
  tag: string;
  /** `linux/amd64`. */
  platform: string;
  commit: string | null;
  dirty: boolean;
  version: string | null;
  /** What it was built of; null when that was not all committed. */
  key: string | null;
  builtAt: string;
}

const file = (root: string): string => join(root, "images.json");

/** The last image of each service that `aplomo build` has pushed from here. */
export async function readBuilt(root: string): Promise<Record<string, Built>> {
  const text = await readIfPresent(file(root));
  return text === undefined ? {} : (JSON.parse(text) as Record<string, Built>);
}

export async function writeBuilt(root: string, built: readonly Built[]): Promise<void> {
  await makePrivateFolder(root);
  const all = { ...(await readBuilt(root)), ...Object.fromEntries(built.map((one) => [one.service, one])) };
  await writeFileSafely(file(root), `${JSON.stringify(all, null, 1)}\n`);
}

/** What a deploy takes for each service of `images`: given as `web=registry.example/web@sha256:...`, else what was built last. */
export async function imagesToDeploy(root: string, { images }: Settings, given: readonly string[] = []): Promise<Map<string, string>> {
  const built = await readBuilt(root);
  const last = Object.keys(images).flatMap((service) => (built[service] ? [[service, built[service].reference] as const] : []));
  return new Map([...last, ...given.map(parse)]);
}

function parse(text: string): [string, string] {
  const [, service = "", reference = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (service !== "" && /(^|@)sha256:[0-9a-f]{64}$/.test(reference)) return [service, reference];
  throw new UsageError({
    operation: "take",
    subject: `--image ${text}`,
    cause: "it does not name an image by its digest",
    hint: "Write SERVICE=REPOSITORY@sha256:DIGEST, or SERVICE=sha256:ID, as `aplomo build` prints it.",
  });
}
