import type { Folder } from "./folder.ts";

/** The port the application listens on, by its Dockerfile or its code. */
export async function findPort(folder: Folder, dockerfile = "Dockerfile"): Promise<number | undefined> {
  const exposed = /^\s*EXPOSE\s+(\d+)/im.exec((await folder.text(dockerfile)) ?? "")?.[1];
  if (exposed !== undefined) return Number(exposed);
  for (const file of (await folder.files(/\.(c|m)?[jt]s$/)).slice(0, 200)) {
    const written = /\bPORT["'\]]*\s*(?:\?\?|\|\|)\s*["']?(\d{2,5})\b/.exec((await folder.text(file)) ?? "")?.[1];
    if (written !== undefined) return Number(written);
  }
  return undefined;
}
