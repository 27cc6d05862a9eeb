// Reloads two PM2 cluster workers under load and counts lost requests: node reload.mjs [RELOADS] [MODE ...]; modes: none, documented, aplomo
import { prepare, printTable } from "./prepare.mjs";
import { round } from "./reload/round.mjs";

prepare();
const reloads = Number(process.argv[2] ?? 8);
const modes = process.argv.length > 3 ? process.argv.slice(3) : ["none", "documented", "aplomo"];
const rows = [];
for (const mode of modes) {
  const fast = { mode, wait: 20, connections: 20, reloads };
  const keepAlive = await round({ ...fast, keepAlive: true });
  const fresh = await round({ ...fast, keepAlive: false });
  const slow = await round({ mode, wait: 2_500, connections: 80, keepAlive: true, reloads: 1, each: true });
  rows.push([mode, ...[keepAlive, fresh, slow].map(({ lost, ok, why }) => `${lost} of ${lost + ok}${why ? ` (${why})` : ""}`)]);
  process.stderr.write(`${rows.at(-1).join(" | ")}\n`);
}
process.stdout.write(`Node ${process.version}, PM2 cluster of 2, ${reloads} reloads of each kind at 20 connections; requests lost\n\n`);
printTable(["shutdown code", "keep-alive", "new connection each", "80 slow ones (2.5 s), 1 reload"], rows);
