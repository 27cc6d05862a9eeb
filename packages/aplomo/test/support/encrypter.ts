/** Encrypts its standard input for a recipient: `node encrypter.js RECIPIENT`; then tells on standard error what it took. */
import { readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { newSeal } from "../../src/backup/encryption.ts";

await pipeline(process.stdin, newSeal([process.argv[2] ?? ""]).close(), process.stdout);
const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
const { user, system } = process.cpuUsage();
console.error(JSON.stringify({ memory: Number(peak) * 1024, cpu: (user + system) / 1e6 }));
