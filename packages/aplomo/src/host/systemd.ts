import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Context } from "./context.ts";
import { readIfPresent } from "./files.ts";

/** The machine's, which root asks, or a user's own. */
export type Systemd = "systemd" | "systemd --user";

const limit = 30_000;

export function systemd(by: Systemd): { folder: string; systemctl: [string, ...string[]] } {
  if (by === "systemd") return { folder: "/etc/systemd/system", systemctl: ["systemctl"] };
  return { folder: join(process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "systemd/user"), systemctl: ["systemctl", "--user"] };
}

export function serviceFile(by: Systemd, name: string): string {
  return join(systemd(by).folder, name);
}

/** Installs a service that stays and starts it, anew when it ran; false when it runs as this text says, and was left alone. */
export async function putService(ctx: Context, by: Systemd, name: string, text: string): Promise<boolean> {
  const { folder, systemctl } = systemd(by);
  const file = serviceFile(by, name);
  const isActive = await ctx.host.attempt({ argv: [...systemctl, "is-active", "--quiet", name], timeout: limit }, ctx.signal);
  if (isActive.code === 0 && (await readIfPresent(file)) === text) return false;
  await mkdir(folder, { recursive: true });
  await writeFile(file, text, { mode: 0o644 });
  for (const words of [["daemon-reload"], ["enable", name], ["restart", name]])
    await ctx.host.run({ argv: [...systemctl, ...words], timeout: limit }, ctx.signal);
  return true;
}

export async function removeService(ctx: Context, by: Systemd, name: string): Promise<void> {
  const { systemctl } = systemd(by);
  await ctx.host.attempt({ argv: [...systemctl, "disable", "--now", name], timeout: limit }, ctx.signal);
  await rm(serviceFile(by, name), { force: true });
  await ctx.host.run({ argv: [...systemctl, "daemon-reload"], timeout: limit }, ctx.signal);
}

/** A word of a unit file: quoted, and without the specifiers and variables systemd would replace. */
export function quoteUnit(word: string): string {
  return `"${escapeUnit(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "$$$$")}"`;
}

export function escapeUnit(word: string): string {
  return word.replaceAll("%", "%%");
}
