/**
 * Brings one file to a store, in a process of its own: `node store-writer.js SETTINGS HOME FILE NAME CONTENT`, settings and content as JSON. Prints the bytes
 * that are there as it goes, so that a test can kill it anywhere, and at the end the most memory it had.
 */
import { readFileSync } from "node:fs";
import { Secret } from "../../src/base/secret.ts";
import { local } from "../../src/host/local.ts";
import { putAgain } from "../../src/stores/again.ts";
import type { Content } from "../../src/stores/contract.ts";
import { openStore } from "../../src/stores/index.ts";
import type { StoreSettings } from "../../src/stores/settings.ts";

const [settings = "{}", home = "", file = "", name = "", content = "{}"] = process.argv.slice(2);
const parsed = JSON.parse(settings) as StoreSettings;
const key = process.env["STORE_SECRET_KEY"];
const { signal } = new AbortController();
const ctx = { host: local, emit: () => {}, signal, home, now: () => new Date() };
const store = await openStore(ctx, parsed.kind === "s3" && key ? { ...parsed, secret_key: new Secret(key) } : parsed);
let told = 0;
const { resumed } = await putAgain(signal, store, file, name, JSON.parse(content) as Content, {
  progress: (bytes) => {
    if (bytes - told < 128 * 1024) return;
    told = bytes;
    console.log(JSON.stringify({ bytes }));
  },
});
await store.close();
// Not the usage of resources, which a process takes over from the one that started it.
const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
console.log(JSON.stringify({ resumed, memory: Number(peak) * 1024 }));
