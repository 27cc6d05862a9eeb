#!/usr/bin/env node
import { version } from "../base/version.ts";

const [word, folder] = process.argv.slice(2);
// The one question scripts ask most needs neither parser nor configuration.
if (process.argv.length === 3 && (word === "--version" || word === "-V")) {
  process.stdout.write(`${version}\n`);
} else {
  // No `await` out here: the bundle is CommonJS (script/build.mjs). What is thrown ends the process, with its stack.
  void start();
}

async function start(): Promise<void> {
  // By ssh, on a server; no command for people, and neither is the next.
  if (word === "--serve") return end(await (await import("./serving.ts")).serveOne());
  if (word === "--carry-out" && folder !== undefined) return end(await (await import("./serving.ts")).carryOutRun(folder));
  const { main } = await import("./main.ts");
  const run = process.env["APLOMO_RUN"];
  // For this process alone, not for those that it starts.
  delete process.env["APLOMO_RUN"];
  if (run === undefined) end(await main(process.argv));
  else end(await (await import("../agent/carry-out.ts")).carryOut(run, () => main(process.argv)));
}

function end(exitCode: number): void {
  process.exitCode = exitCode;
}
