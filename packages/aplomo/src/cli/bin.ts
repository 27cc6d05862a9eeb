#!/usr/bin/env node
import { version } from "../base/version.ts";

// The one question scripts ask most needs neither parser nor configuration.
if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-V")) {
  process.stdout.write(`${version}\n`);
} else {
  // No `await` out here: the bundle is CommonJS (script/build.mjs). What is thrown ends the process, with its stack.
  void start();
}

async function start(): Promise<void> {
  const { main } = await import("./main.ts");
  const run = process.env["APLOMO_RUN"];
  // For this process alone, not for those that it starts.
  delete process.env["APLOMO_RUN"];
  if (run === undefined) process.exitCode = await main(process.argv);
  else process.exitCode = await (await import("../agent/carry-out.ts")).carryOut(run, () => main(process.argv));
}
