// The steps before a server, started by bin/aplomo-boot, which becomes the server when this ends well.
import { lineLog } from "../log.ts";
import { readArguments, usage } from "./arguments.ts";
import { BootError } from "./failure.ts";
import { readSettings } from "./read-settings.ts";
import { redactor } from "./redact.ts";
import { runSteps } from "./steps.ts";

const log = lineLog("aplomo-boot");
const stop = new AbortController();
let stoppedBy = 0;
for (const [signal, number] of [
  ["SIGTERM", 15],
  ["SIGINT", 2],
  ["SIGHUP", 1],
] as const) {
  process.on(signal, () => {
    stoppedBy ||= 128 + number;
    stop.abort();
  });
}

async function main(): Promise<number> {
  try {
    const asked = readArguments(process.argv.slice(2));
    if (asked.verb === "help") {
      process.stdout.write(usage);
      return 0;
    }
    const settings = readSettings(asked.config ?? "aplomo.boot.json", asked.config !== undefined);
    const { env } = process;
    const migrates = asked.verb === "migrate" || !/^(0|false|no|off)$/i.test(env.RUN_MIGRATIONS ?? "");
    await runSteps(
      { settings, server: asked.server, env, migrates, log, redact: redactor(settings, env), signal: stop.signal },
      asked.verb,
    );
    return stoppedBy;
  } catch (error) {
    if (stop.signal.aborted) log("warn", "stopped before the server was started");
    else if (error instanceof BootError) log("error", error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
    else log("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
    return stoppedBy || (error instanceof BootError ? error.exitCode : 1);
  }
}

process.exit(await main());
