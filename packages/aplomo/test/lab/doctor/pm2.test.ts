import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, it } from "node:test";
import { poll } from "../../../src/base/time.ts";
import { diagnoseSession } from "../../../src/deploy/diagnosis.ts";
import { appPaths } from "../../../src/deploy/paths.ts";
import { openSession } from "../../../src/deploy/session.ts";
import { diagnose } from "../../../src/doctor/diagnose.ts";
import { room } from "../../../src/doctor/look/disks.ts";
import { smallDisk } from "../../support/disk.ts";
import { need } from "../../support/need.ts";
import { openPm2Lab } from "../../support/pm2.ts";
import { root } from "../../support/root.ts";
import { observed } from "../../unit/doctor/seen.ts";

const lab = await openPm2Lab();
after(() => lab.close());
const limit = 60_000;

it("doctor, of processes of PM2 that fail in every way", async () => {
  const application = await lab.application();
  const { app, folder, port } = application;
  const start = async (name: string, code: string, args: string[] = [], files: Record<string, string> = {}): Promise<string> => {
    const at = join(folder, name);
    await mkdir(at, { recursive: true });
    await writeFile(join(at, "main.js"), code);
    for (const [file, content] of Object.entries(files)) await writeFile(join(at, file), content);
    // Names as Aplomo gives them, each a release of its own.
    await lab.pm2(["start", join(at, "main.js"), "--name", `${app}@${name}`, "--cwd", at, ...args], { PORT: String(port) });
    return at;
  };
  const stays = "setInterval(() => {}, 60_000);";
  await start("zero", "console.log('Ready'); setTimeout(() => process.exit(0), 1200)");
  await start("given-up", "setTimeout(() => process.exit(3), 20)", ["--max-restarts", "2"]);
  const gone = await start("folder-gone", stays);
  const unscripted = await start("script-gone", stays);
  await start("node", stays, [], { "package.json": '{"engines":{"node":">=99"}}' });
  const grows = `const held = []; while (process.memoryUsage().rss < 285 * 2 ** 20) held.push(Buffer.alloc(1 << 20, 1)); setInterval(() => held.length, 60_000)`;
  await start("memory", grows, ["--max-memory-restart", "300M"]);
  await start("port", `const serve = () => require("http").createServer().listen(${port}); serve(); serve()`, ["--max-restarts", "2"]);
  await start("elsewhere", `require("http").createServer().listen(0)`);
  await rm(gone, { recursive: true });
  await rm(join(unscripted, "main.js"));
  await dieWithLock(appPaths(application.home, app).lock);

  const expected: Record<string, string[]> = {
    zero: ["exit-zero-loop"],
    "given-up": ["pm2-given-up"],
    "folder-gone": ["folder-gone", "listens-nowhere"],
    "script-gone": ["script-gone", "listens-nowhere"],
    node: ["listens-nowhere", "node-version"],
    memory: ["listens-nowhere", "memory-near"],
    port: ["pm2-given-up", "port-taken"],
    elsewhere: ["listens-elsewhere"],
  };
  let told: Record<string, string[]> = {};
  let all: string[] = [];
  // Until what loops has looped and what waits has waited long enough to be judged.
  await poll(
    async () => {
      const { findings } = await diagnoseSession(await openSession(application.context(), application.config()));
      told = Object.fromEntries(
        Object.keys(expected).map((name) => [
          name,
          findings
            .filter(({ subject }) => subject === `${app}@${name}`)
            .map(({ rule }) => rule)
            .toSorted(),
        ]),
      );
      all = findings.map(({ rule }) => rule);
      return Object.entries(expected).every(([name, rules]) => rules.every((rule) => told[name]?.includes(rule))) ? true : undefined;
    },
    { limit, every: 1_000 },
  );
  assert.deepEqual(told, Object.fromEntries(Object.entries(expected).map(([name, rules]) => [name, rules.toSorted()])));
  assert.ok(all.includes("lock-dead"));
  await application.remove();
});

/** A backup that is killed with the application's lock in hand. */
async function dieWithLock(lock: string): Promise<void> {
  const module = join(root, ".cache/js/packages/aplomo/src/host/lock.js");
  const code = `import(${JSON.stringify(module)}).then((all) => all.takeLock(${JSON.stringify(lock)}, "backup run")).then(() => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", code]), "exit");
}

it("doctor, of a disk that has room and takes no more files", async (test) => {
  const disk = await smallDisk(8, 30);
  if (!disk) return test.skip(need(false, "no disk may be mounted here") || undefined);
  try {
    const fill = async (): Promise<void> => {
      for (let file = 0; ; file++) await writeFile(join(disk.folder, String(file)), "");
    };
    await assert.rejects(fill(), { code: "ENOSPC" });
    const { findings } = diagnose(observed({ disks: [{ path: disk.folder, holds: "backups", ...(await room(disk.folder)) }] }));
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ["inodes-full"],
    );
  } finally {
    await disk.close();
  }
});
