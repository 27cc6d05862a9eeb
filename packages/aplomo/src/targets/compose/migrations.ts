import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { copyFromContainer, createContainer, removeContainers } from "../../host/docker.ts";
import { combine, contents, walk } from "../pm2/tree.ts";
import { run, type ComposeApp } from "./app.ts";
import type { Pin } from "./freeze.ts";
import { findImage } from "./images.ts";
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
  return app.once(`migrations of ${image.id}`, async () => {
    const home = (await findImage(app, image.id))?.Config?.WorkingDir || "/";
    return hashInside(app, purpose, image, isAbsolute(files) ? files : join(home, files));
  });
}

async function hashInside(app: ComposeApp, purpose: string, image: Pin, path: string): Promise<string> {
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
    return await hashPath(join(folder, basename(path)), folder);
  } finally {
    await removeByName(app, name);
    await rm(folder, { recursive: true, force: true });
  }
}

async function hashPath(path: string, parent: string): Promise<string> {
  const root = (await stat(path)).isDirectory() ? path : parent;
  return combine(await contents(await walk(root, () => false), root));
}

async function removeByName(app: ComposeApp, name: string): Promise<void> {
  await app.ctx.host.attempt(removeContainers([name]));
}
