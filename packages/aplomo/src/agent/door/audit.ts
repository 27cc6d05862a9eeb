import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../../host/files.ts";
import type { AgentPaths } from "../paths.ts";

/** Who asked for something to be done, and what became of the asking; kept for ever, a line each. */
export interface AuditLine {
  at: string;
  who: string;
  role: string;
  client: string;
  app: string;
  act: string;
  run: string | null;
  refused: string | null;
}

/** On disk before anything is begun. */
export async function audit(paths: AgentPaths, line: AuditLine): Promise<void> {
  await makePrivateFolder(paths.root);
  await appendFile(join(paths.root, "audit.jsonl"), `${JSON.stringify(line)}\n`, { mode: 0o600, flush: true });
}
