import { AplomoError } from "../../base/errors.ts";
import type { ReleaseFolder } from "../contract.ts";
import { readImageFiles, type ImageFiles } from "../image-files.ts";
import type { ComposeApp } from "./app.ts";
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

function openImage(app: ComposeApp, purpose: string, { id, reference }: Pin, files: string): Promise<ImageFiles> {
  return app.once(`migrations of ${id}`, async () => {
    const home = (await findImage(app, id))?.Config?.WorkingDir;
    const name = `${app.project}-aplomo-files-${purpose}-${process.pid}`;
    return readImageFiles(app.ctx.host, { image: id, reference, home, path: files, owner: app.project, name });
  });
}
