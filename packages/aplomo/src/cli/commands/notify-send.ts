import { text } from "node:stream/consumers";
import { resolve } from "node:path";
import { tellAll } from "../../agent/channels/index.ts";
import type { Message } from "../../agent/message.ts";
import { UsageError } from "../../base/errors.ts";
import { loadConfig } from "../../config/load.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

/** In a process of its own, so that the agent never holds the secrets of a channel. */
export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const message = parse(await text(process.stdin));
    const { notify } = (await loadConfig(resolve(options.config), process.env)).settings;
    const told = await tellAll(notify, message);
    shell.result("notify send", { told: told.map((one) => ({ ...one })) });
    return told.every(({ problem }) => problem === null) ? 0 : 1;
  });
}

function parse(input: string): Message {
  try {
    const message = JSON.parse(input) as Message;
    if (message.version === 1 && Array.isArray(message.findings)) return message;
  } catch {
    // Said below.
  }
  throw new UsageError({ operation: "read", subject: "standard input", cause: "it holds no message, see docs/AGENT.md" });
}
