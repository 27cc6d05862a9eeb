import { resolve } from "node:path";
import { counted } from "../../base/count.ts";
import { AplomoError, reason } from "../../base/errors.ts";
import { checkKeys, type KeyProof } from "../../backup/encryption-check.ts";
import { parseRecipient } from "../../backup/encryption-keys.ts";
import { openNamedStore } from "../../backup/elsewhere.ts";
import { policyOf, storeTitle, type Policy } from "../../backup/policy.ts";
import type { Finding } from "../../config/environment.ts";
import { environmentFindings } from "../../deploy/environment.ts";
import { appPaths } from "../../deploy/paths.ts";
import { readIdentities } from "../backups.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell, type Shell } from "../shell.ts";

interface Found {
  where: string;
  rule: string;
  message: string;
  hint: string;
}

/** A variable's finding with its place in parts, for scripts. */
export function withPlace({
  origin,
  variable,
  rule,
  message,
  hint,
}: Finding): Found & { file: string; line: number | null; variable: string } {
  const [, file = origin, line] = /^(.*):(\d+)$/.exec(origin) ?? [];
  return { where: `${origin} ${variable}`, file, line: line === undefined ? null : Number(line), variable, rule, message, hint };
}

export function run(options: GlobalOptions & { identity?: string; keyCode?: string }): Promise<number> {
  return inShell(options, async (shell) => {
    const config = await shell.config({ values: "all" });
    const { env, databases, app, backups } = config.settings;
    const folder = backups.directory === undefined ? undefined : resolve(config.directory, backups.directory);
    const policy = policyOf(config, appPaths(shell.ctx.home, app, folder));
    const findings: Found[] = (await environmentFindings(config)).map(withPlace);
    const identities = await readIdentities(options.identity);
    const proof = options.keyCode !== undefined ? { code: options.keyCode } : identities.length > 0 ? { identities } : undefined;
    findings.push(...(await checkRecipients(shell, policy, proof)), ...(await checkStores(shell, policy)));
    const summary = `${options.config} is sound: ${counted(Object.keys(env.require).length, "variable")} under contract, ${counted(Object.keys(databases).length, "database")}`;
    shell.result("check", { findings: findings.map((one) => ({ ...one })), summary });
    return findings.length > 0 ? 1 : 0;
  });
}

/** Whether somebody holds the key of the backups is found out now, and not when they are needed. */
async function checkRecipients(shell: Shell, { recipients, directory }: Policy, proof: KeyProof | undefined): Promise<Found[]> {
  const findings: Found[] = [];
  for (const [index, recipient] of recipients.entries()) {
    try {
      parseRecipient(recipient);
    } catch (error) {
      if (!(error instanceof AplomoError)) throw error;
      findings.push({ where: `backups.encrypt_to[${index}]`, rule: "recipient", message: reason(error), hint: error.hint ?? "" });
    }
  }
  if (findings.length > 0 || recipients.length === 0) return findings;
  for (const { recipient, file, confirmedAt } of await checkKeys(directory, recipients, shell.ctx.now(), proof)) {
    if (confirmedAt !== null) continue;
    const hint = `Where the key is: age -d -i KEY ${file}; then here: aplomo check --key-code CODE. Or: aplomo check --identity KEY.`;
    findings.push({ where: `backups.encrypt_to ${recipient}`, rule: "key", message: "nobody has shown yet that they hold its key", hint });
  }
  return findings;
}

async function checkStores(shell: Shell, policy: Policy): Promise<Found[]> {
  const findings: Found[] = [];
  for (const title of policy.stores.map(storeTitle)) {
    try {
      const store = await openNamedStore(shell.ctx, policy, title);
      try {
        await store.check();
      } finally {
        await store.close();
      }
    } catch (error) {
      shell.ctx.signal.throwIfAborted();
      if (!(error instanceof AplomoError)) throw error;
      findings.push({ where: `backups.copy_to ${title}`, rule: "store", message: reason(error), hint: error.hint ?? "" });
    }
  }
  return findings;
}
