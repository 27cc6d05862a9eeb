#!/usr/bin/env node
import { version } from "../base/version.ts";

// The one question scripts ask most needs neither parser nor configuration.
if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-V")) {
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv);
}
