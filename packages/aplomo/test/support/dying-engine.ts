/**
 * A deploy that dies: `node dying-engine.js MODE N` runs `aplomo deploy` in this folder and kills itself by SIGKILL at one
 * boundary of its journal. `after N`: when line N is on disk. `before N`: when what line N tells is done, but before it is
 * written. The engine is the real one; only the moment of its death is put in.
 */
import { resolve } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { openJournal, type Journal } from "../../src/deploy/journal.ts";
import { homeFolder } from "../../src/deploy/paths.ts";
import { carryOut, makePlan } from "../../src/deploy/pipeline.ts";
import { openSession } from "../../src/deploy/session.ts";
import { local } from "../../src/host/local.ts";
import { takeLock } from "../../src/host/lock.ts";

const [mode, number] = [process.argv[2], Number(process.argv[3])];
const now = (): Date => new Date();
const ctx = {
  host: local,
  emit: (event: object) => console.log(JSON.stringify(event)),
  signal: new AbortController().signal,
  home: homeFolder(process.env),
  now,
};
// No `await` out here: script/test bundles it as it does the command line (script/build.mjs).
void deploy();

async function deploy(): Promise<void> {
  const session = await openSession(ctx, await loadConfig(resolve("aplomo.yml"), process.env));
  await takeLock(session.paths.lock, "deploy");
  await carryOut(session, await makePlan(session, { action: "deploy" }), dyingJournal);
}

async function dyingJournal(folder: string, clock: () => Date): Promise<Journal> {
  const journal = await openJournal(folder, clock);
  let lines = 0;
  return {
    append(event) {
      lines += 1;
      if (mode === "before" && lines === number) die();
      journal.append(event);
      if (mode === "after" && lines === number) die();
    },
    close: () => journal.close(),
  };
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way; nothing may happen until it is here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error("still alive");
}
