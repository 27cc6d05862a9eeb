import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { copyFromContainer, createContainer, removeContainers } from "../../host/docker.ts";
import type { ReleaseFolder } from "../contract.ts";
import { combine, contents, walk } from "../pm2/tree.ts";
import { run, type ComposeApp } from "./app.ts";
import type { Pin } from "./freeze.ts";
import { findImage, obtainImage } from "./images.ts";
import { readFrozen } from "./release.ts";
import { render } from "./render.ts";
import type { Parts } from "./services.ts";

/** The service in whose image the migrations are. */
export function migrationService(app: ComposeApp, parts: Pick<Parts, "deployed">): string | undefined {
  return app.settings.migrate?.service ?? (parts.deployed.length === 1 ? parts.deployed[0] : undefined);
}

/** Hash of `migrate.files` inside the image, or null when that is not set. */
export async function hashMigrations(
  app: ComposeApp,
  purpose: string,
  parts: Pick<Parts, "deployed">,
  images: Record<string, Pin>,
): Promise<string | null> {
  const files = app.settings.migrate?.files;
  if (files === undefined) return null;
  const image = images[migrationService(app, parts) ?? ""];
  if (!image) {
    const hint = "Name in migrate.service the service whose image holds the migrations.";
    throw new AplomoError({ operation: "read", subject: "migrate.files", cause: "no service of this release is meant", hint });
  }
  return (await openImage(app, purpose, image, files)).hash;
}

/** The files themselves, of a release or of what the user's files mean now. */
export async function readMigrations(app: ComposeApp, release: ReleaseFolder | null): Promise<Record<string, Buffer>> {
  const files = app.settings.migrate?.files;
  const { image, purpose } = release === null ? await presentImage(app) : await frozenImage(app, release);
  return files === undefined || !image ? {} : (await openImage(app, purpose, image, files)).files;
}

async function presentImage(app: ComposeApp): Promise<{ image: Pin | undefined; purpose: string }> {
  const { project, parts } = await render(app);
  const name = migrationService(app, parts);
  const service = name === undefined ? undefined : project.services[name];
  return { image: name !== undefined && service ? await obtainImage(app, name, service) : undefined, purpose: "preview" };
}

async function frozenImage(app: ComposeApp, release: ReleaseFolder): Promise<{ image: Pin | undefined; purpose: string }> {
  const { deployed, images } = (await readFrozen(release))["x-aplomo"];
  return { image: images[migrationService(app, { deployed }) ?? ""], purpose: release.id };
}

interface Found {
  hash: string;
  files: Record<string, Buffer>;
}

function openImage(app: ComposeApp, purpose: string, image: Pin, files: string): Promise<Found> {
  return app.once(`migrations of ${image.id}`, async () => {
    const home = (await findImage(app, image.id))?.Config?.WorkingDir || "/";
    return readInside(app, purpose, image, isAbsolute(files) ? files : join(home, files));
  });
}

async function readInside(app: ComposeApp, purpose: string, image: Pin, path: string): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-migrations-"));
  // Made, never started: there is no other way to a file in an image that needs nothing of what is in it.
  const name = `${app.project}-aplomo-files-${purpose}-${process.pid}`;
  try {
    const made = await app.ctx.host.attempt(createContainer(name, image.id));
    if (made.code !== 0) {
      // One of that name may be left from a run that was killed.
      await removeByName(app, name);
      await run(app, createContainer(name, image.id), { operation: "open the image", subject: image.reference });
    }
    await run(app, copyFromContainer(name, path, folder), {
      operation: "read migrations from the image",
      subject: image.reference,
      hint: `migrate.files means ${path} inside the image: correct it, or the Dockerfile.`,
    });
    return await readPath(join(folder, basename(path)), folder);
  } finally {
    await removeByName(app, name);
    await rm(folder, { recursive: true, force: true });
  }
}

async function readPath(path: string, parent: string): Promise<Found> {
  const root = (await stat(path)).isDirectory() ? path : parent;
  const entries = await walk(root, () => false);
  const read = entries.filter(({ kind }) => kind === "file").map(async (one) => [one.path, await readFile(join(root, one.path))] as const);
  return { hash: combine(await contents(entries, root)), files: Object.fromEntries(await Promise.all(read)) };
}

async function removeByName(app: ComposeApp, name: string): Promise<void> {
  await app.ctx.host.attempt(removeContainers([name]));
}
