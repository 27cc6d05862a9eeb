import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { ask } from "../report/ask.ts";
import type { Address } from "./address.ts";
import { effectiveSettings, fetchHostKey, fingerprintOf } from "./ssh.ts";

/** Shows the key of a server that ssh does not know yet and asks whether it is the right one; without a terminal nobody can say so. */
export async function settleHostKey(ctx: Context, address: Address): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-key-"));
  try {
    const file = join(folder, "known");
    // It logs nobody in, so that it always ends with a failure.
    await ctx.host.attempt({ ...fetchHostKey(address, file), timeout: 60_000 }, ctx.signal);
    const line = (await readFile(file, "utf8").catch(() => "")).trim();
    if (line === "") return;
    const { stdout } = await ctx.host.attempt(fingerprintOf(file), ctx.signal);
    const [, bits, fingerprint = "", kind = ""] = /^(\d+) (\S+) .*\((\S+)\)/.exec(stdout.trim()) ?? [];
    const known = await knownHosts(ctx, address);
    const seen = `${address.destination} shows a key that this machine does not know: ${kind} ${fingerprint}${bits ? ` (${bits} bits)` : ""}`;
    const answer = await ask(
      `${seen}\nCompare it on the server: ssh-keygen -lf /etc/ssh/ssh_host_${kind.toLowerCase()}_key.pub\nIs it the right one? [y/N] `,
    );
    if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) {
      throw new UsageError({
        operation: "trust",
        subject: address.destination,
        cause: seen,
        hint: `Compare it with the server's own, then add this line to ${known}: ${line}`,
      });
    }
    await mkdir(dirname(known), { recursive: true, mode: 0o700 });
    await appendFile(known, `${line}\n`, { mode: 0o600 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The file that this user's ssh remembers keys in. */
async function knownHosts(ctx: Context, address: Address): Promise<string> {
  const { stdout } = await ctx.host.attempt(effectiveSettings(address), ctx.signal);
  const first = /^userknownhostsfile (\S+)/m.exec(stdout)?.[1] ?? "~/.ssh/known_hosts";
  return first.replace(/^~(?=\/)/, homedir());
}
