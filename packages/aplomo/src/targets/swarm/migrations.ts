import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import { inspectImages, pullImage } from "../../host/docker.ts";
import { lastLines } from "../../host/run.ts";
import { readImageFiles, type ImageFiles } from "../image-files.ts";

/** The migrations inside a release's image, read on this manager's engine, which fetches an image that no task of its own has brought yet. */
export async function openMigrations(ctx: Context, app: string, image: string, path: string): Promise<ImageFiles> {
  const known = (await inspect(ctx, image)) ?? (await pull(ctx, image));
  const name = `${app}-aplomo-files-${process.pid}`;
  return readImageFiles(ctx.host, { image, reference: image, home: known.Config?.WorkingDir, path, owner: app, name });
}

interface Image {
  Config: { WorkingDir?: string } | null;
}

/** By its digest it is never another one. */
async function inspect(ctx: Context, image: string): Promise<Image | undefined> {
  const { code, stdout } = await ctx.host.attempt(inspectImages([image]));
  return code === 0 ? (JSON.parse(stdout) as Image[])[0] : undefined;
}

async function pull(ctx: Context, image: string): Promise<Image> {
  ctx.emit({ type: "progress", subject: image, message: "pulling it, for the migrations inside" });
  const { code, stderr } = await ctx.host.attempt(pullImage(image), ctx.signal);
  const pulled = code === 0 ? await inspect(ctx, image) : undefined;
  if (pulled) return pulled;
  throw new AplomoError({
    operation: "pull",
    subject: image,
    cause: lastLines(stderr.trim(), 5) || "it was pulled and is not here: another program removes images",
    hint: "This manager must be able to; or leave migrate.files out, and the migration runs at every deploy.",
  });
}
