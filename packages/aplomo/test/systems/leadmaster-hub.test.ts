import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { poll } from "../../src/base/time.ts";
import { get } from "../../src/host/http.ts";
import { upstreamFile } from "../../src/edges/nginx/upstream-file.ts";
import { docker } from "../support/compose.ts";
import { freePort, OwnProgram } from "../support/edge-rig.ts";
import { edgeProgram } from "../support/edge-rigs.ts";
import { whyNoLab } from "../support/lab.ts";
import { haveMariadb } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import { root } from "../support/root.ts";
import { mariadbHost, type MariadbHost } from "./mariadb-host.ts";
import { place, type Place, type Typed } from "./place.ts";
import { also, said } from "./told.ts";

const { program: nginx, skip: noNginx } = edgeProgram("nginx");
const skip = whyNoLab() ?? (noNginx || need(haveMariadb(), "no MariaDB client programs") || false);
const host = "aplomo-leadmaster-db";
const password = "a-planted_password-5c2e";

describe("leadmaster-hub", { skip }, () => {
  let here: Place;
  let database: MariadbHost;
  let web: OwnProgram;
  let url = "";
  let typed: Typed[] = [];
  const printed = (line: string): string => typed.find((one) => one.line.startsWith(line))?.output ?? assert.fail(`${line} was not typed`);
  const sql = (text: string): Promise<string> => database.sql(text);
  const status = async (path = "/status", headers = {}): Promise<{ code: number; body: string }> => {
    const answer = await fetch(`${url}${path}`, { headers: { connection: "close", ...headers }, signal: AbortSignal.timeout(20_000) });
    return { code: answer.status, body: await answer.text() };
  };
  const processes = async (): Promise<{ name: string; pm2_env: Record<string, unknown> }[]> => {
    const { output } = await here.type("pm2 jlist");
    return JSON.parse(output.slice(output.search(/\[(\{|\])/))) as { name: string; pm2_env: Record<string, unknown> }[];
  };

  /** The hub's own nginx, with the example's file in it, where the server's would be. */
  const serve = async (port: number): Promise<void> => {
    const home = join(here.folder, "../nginx");
    await mkdir(join(home, "aplomo"), { recursive: true });
    await writeFile(join(home, "aplomo/leadmaster-hub.conf"), upstreamFile("leadmaster_hub", [{ host: "127.0.0.1", port: 9 }]));
    const text = await readFile(join(here.folder, "nginx/leadmaster-hub.conf"), "utf8");
    await writeFile(
      join(home, "site.conf"),
      text.replace("/etc/nginx/aplomo", join(home, "aplomo")).replace("listen 80", `listen 127.0.0.1:${port}`),
    );
    const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${home}/${name};`).join(" ");
    const main = [
      "daemon off;",
      "user root;",
      `pid ${home}/pid;`,
      `error_log ${home}/error.log;`,
      "events {}",
      `http { access_log off; ${temp} include ${home}/site.conf; }`,
    ];
    await writeFile(join(home, "nginx.conf"), `${main.join("\n")}\n`);
    web = new OwnProgram([nginx, "-c", join(home, "nginx.conf")], port);
    await web.start();
  };

  before(async () => {
    database = await mariadbHost(host, "leadmaster-hub", "hub", password);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const edge = (): string => join(here.folder, "../nginx");
    here = await place(
      "leadmaster-hub",
      [
        ["db.leadmaster.example", database.address],
        ["http://hub.leadmaster.example", url],
        ["port: 3012", `port: ${await freePort()}`],
        ["watch: 30s", "watch: 5s"],
        [/^mkdir -p \/etc\/nginx\/aplomo$/, "true"],
      ],
      { HUB_DATABASE_PASSWORD: password },
    );
    here.env["PM2_HOME"] = join(here.folder, "../pm2");
    here.env["PATH"] = `${here.env["PATH"]}:${join(root, "node_modules/.bin")}`;
    await here.edit("aplomo.yml", "/etc/nginx/aplomo/leadmaster-hub.conf", join(edge(), "aplomo/leadmaster-hub.conf"));
    await here.edit("aplomo.yml", "drain: 5s", `drain: 5s\n  program: ${nginx}\n  config: ${join(edge(), "nginx.conf")}`);
    await serve(port);
    typed = await here.follow();
  });
  after(async () => {
    await here?.type("pm2 kill");
    await web?.end();
    await database?.close();
    await here?.close();
  });

  it("README: the newcomer's path of leadmaster-hub ends with a proven backup", async (t) => {
    assert.equal(await sql("SELECT count(*) FROM leads"), "1200");
    assert.match(printed("aplomo backup run"), /1203 rows.*proven by a restore|120[0-9] rows/);
    said(t, printed("aplomo deploy"), /deployed: r1 is in front and proven/);
  });

  it("S2.1: PM2's contract is the one that was written down, each value of it", async (t) => {
    const running = (await processes()).find(({ name }) => name === "leadmaster-hub@r1");
    const { pm2_env: env } = running ?? assert.fail("r1 does not run");
    assert.deepEqual(
      [env["autorestart"], env["max_restarts"], env["min_uptime"], env["max_memory_restart"], env["watch"], env["kill_timeout"]],
      [true, 10, 10_000, 300 * 1024 * 1024, false, 5_000],
    );
    assert.deepEqual(
      [env["wait_ready"], env["listen_timeout"], env["merge_logs"], env["exec_mode"], env["instances"], env["log_date_format"]],
      [true, 10_000, true, "fork_mode", 1, "YYYY-MM-DDTHH:mm:ss.SSSZ"],
    );
    assert.match(String(env["pm_err_log_path"]), /releases\/r1\/logs\/error\.log$/);
    assert.match(String(env["pm_out_log_path"]), /releases\/r1\/logs\/out\.log$/);
    said(t, await here.expect(0, "aplomo audit --severity info"), /process manager +100 % .*/);
  });

  it("S2.2: an end finishes what is under way, and a limit longer than PM2's patience is caught", async (t) => {
    const seen = { answered: 0, failed: [] as string[] };
    const stop = new AbortController();
    const client = (async () => {
      while (!stop.signal.aborted) {
        await status("/leads").then(
          ({ code }) => (code === 200 ? (seen.answered += 1) : seen.failed.push(String(code))),
          (error: unknown) => seen.failed.push(String(error)),
        );
      }
    })();
    await here.edit("package.json", '"version": "1.0.0"', '"version": "1.1.0"');
    await writeFile(join(here.folder, "node_modules/marker.txt"), "1.1.0");
    await here.expect(0, "aplomo deploy");
    stop.abort();
    await client;
    assert.deepEqual(seen.failed, []);
    assert.ok(seen.answered > 20, `${seen.answered}`);
    // What they had: ten seconds for the application, five from PM2.
    await mkdir(join(here.folder, "../theirs"));
    await writeFile(join(here.folder, "../theirs/package.json"), '{ "type": "module", "dependencies": { "express": "5" } }');
    await writeFile(join(here.folder, "../theirs/ecosystem.config.cjs"), await readFile(join(here.folder, "ecosystem.config.cjs"), "utf8"));
    await writeFile(
      join(here.folder, "../theirs/server.js"),
      'import express from "express";\nconst server = express().listen(3012, () => process.send?.("ready"));\nprocess.on("SIGTERM", () => {\n  server.close(() => process.exit(0));\n  setTimeout(() => process.exit(1), 10_000).unref();\n});\n',
    );
    said(t, await here.expect(1, "aplomo audit ../theirs"), /.*(10 s > |10 s.*5 s).*/);
    also(t, "runtime/test/lab/processes.test.ts");
  });

  /** The hub by itself, as a supervisor would start it, with its variables. */
  const start = async (port: number, options: readonly string[] = []): Promise<ChildProcess> => {
    const lines = (await readFile(join(here.folder, ".env"), "utf8")).split("\n").filter((line) => /^[A-Z_]+=/.test(line));
    const variables = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
    // `pm_id` is how it knows that PM2 waits for its word.
    const env = { ...process.env, ...variables, NODE_ENV: "production", PORT: String(port), pm_id: "0" };
    return fork(join(here.folder, "server.js"), {
      cwd: here.folder,
      env,
      execArgv: [...options],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  };

  it("S2.3: what nobody caught is logged with its stack, and ends the process with an exit code", async (t) => {
    for (const thrown of ["Promise.reject(new Error('planted'))", "(() => { throw new Error('planted') })()"]) {
      const program = `data:text/javascript,setTimeout(() => ${encodeURIComponent(thrown)}, 800)`;
      const child = await start(await freePort(), ["--import", program]);
      let output = "";
      child.stdout?.on("data", (text: Buffer) => (output += text.toString()));
      child.stderr?.on("data", (text: Buffer) => (output += text.toString()));
      const [code] = (await once(child, "close")) as [number];
      assert.equal(code, 1, output);
      assert.match(output, /Error: planted\n? *(\\n)?.*at /s);
    }
    also(t, "runtime/test/lab/shutdown.test.ts");
    said(t, await readFile(join(here.folder, "aplomo.yml"), "utf8"), /forbid: \[uncaughtException, unhandledRejection\]/);
  });

  it("S2.4: ready is said when the hub listens and its database answers, not before", async (t) => {
    await docker("pause", host);
    let isReady = false;
    const child = await start(await freePort());
    const ready = new Promise<void>((resolve) => {
      child.on("message", (message) => {
        if (message !== "ready") return;
        isReady = true;
        resolve();
      });
    });
    try {
      await delay(1_500);
      assert.equal(isReady, false);
    } finally {
      await docker("unpause", host);
    }
    // With a database that hangs for longer it ends, and its supervisor starts it anew.
    await Promise.race([ready, once(child, "exit")]);
    assert.ok(isReady, "the hub has ended instead of getting ready");
    child.kill("SIGTERM");
    await once(child, "exit");
    also(t, "aplomo/test/lab/pm2-failures.test.ts");
    said(t, printed("aplomo deploy"), /✓ wait until every unit and the public address are healthy/);
  });

  it("S2.5: /status says healthy, degraded or unhealthy with 200 or 503, in time, and nothing sensitive", async (t) => {
    const healthy = await status();
    assert.deepEqual([healthy.code, (JSON.parse(healthy.body) as { status: string }).status], [200, "healthy"]);
    const token = /^STATUS_TOKEN=(.+)$/m.exec(await readFile(join(here.folder, ".env"), "utf8"))?.[1] ?? assert.fail();
    const whole = JSON.parse((await status("/status", { authorization: `Bearer ${token}` })).body) as {
      uptimeSeconds: number;
      memory: { rssMegabytes: number };
      checks: Record<string, { status: string; ms: number }>;
    };
    assert.ok(whole.uptimeSeconds >= 0 && whole.memory.rssMegabytes > 10);
    assert.deepEqual(Object.keys(whole.checks), ["database", "sessions", "memory"]);
    assert.equal(typeof whole.checks["database"]?.ms, "number");
    await docker("pause", host);
    let bad: { code: number; body: string } | undefined;
    try {
      bad = await poll(async () => status().then((one) => (one.code === 503 ? one : undefined)), { limit: 15_000, every: 300 });
      assert.equal((JSON.parse(bad?.body ?? "{}") as { status?: string }).status, "unhealthy");
      said(t, (await here.type("aplomo verify")).output, /✗ .*|.*503.*/);
    } finally {
      await docker("unpause", host);
    }
    for (const { body } of [healthy, bad ?? assert.fail()])
      assert.doesNotMatch(body, new RegExp(`${password}|mysql:|172\\.|hub@|stack`, "i"));
    assert.ok(await poll(async () => ((await status()).code === 200 ? true : undefined), { limit: 30_000, every: 300 }));
    // A session that waits for its telephone is no reason to take the hub out of the balancer.
    await sql("UPDATE sessions SET state = 'waiting' WHERE phone = '55 1000 0003'");
    const port = await freePort();
    const child = await start(port);
    const degraded = await poll(
      async () => await get(`http://127.0.0.1:${port}/status`, 2_000).then((one) => (/degraded/.test(one.body ?? "") ? one : undefined)),
      { limit: 20_000 },
    );
    assert.equal(degraded?.status, 200);
    child.kill("SIGTERM");
    await once(child, "exit");
    await sql("UPDATE sessions SET state = 'connected'");
  });

  it("S2.6: it is started, saved and comes back; what is missing for the boot is said", async (t) => {
    const saved = await readFile(join(String(here.env["PM2_HOME"]), "dump.pm2"), "utf8");
    assert.match(saved, /leadmaster-hub@r\d+/);
    await here.type("pm2 kill");
    await here.expect(0, "pm2 resurrect");
    assert.ok(
      await poll(async () => ((await status().catch(() => ({ code: 0 }))).code === 200 ? true : undefined), { limit: 30_000, every: 300 }),
    );
    said(t, await here.expect(0, "aplomo status"), /leadmaster-hub@r\d+ .*?(online|running)/);
    also(t, "aplomo/test/lab/pm2-environment.test.ts");
  });

  it("S2.7: the checklist after a deploy, each point with its evidence", async (t) => {
    await here.expect(0, "aplomo deploy");
    const report = await here.expect(0, "aplomo report");
    for (const point of [
      /prove\.identity/,
      /prove\.logs\*\*: lines/,
      /prove\.health\*\*:.*status":200/,
      /switch\.units/,
      /prepare\.database\.hub/,
      /MiB of 300 MiB, \d+ % of its limit/,
    ]) {
      assert.match(report, point);
    }
    said(t, await here.expect(0, "aplomo agent look --deep"), /✓ leadmaster-hub: .*/);
    also(t, "aplomo/test/lab/agent-watch.test.ts");
  });

  it("S2.8: one command brings back the revision before, with its dependencies", async (t) => {
    await here.edit("package.json", '"version": "1.1.0"', '"version": "2.0.0"');
    await writeFile(join(here.folder, "node_modules/marker.txt"), "2.0.0");
    await here.expect(0, "aplomo deploy");
    assert.match((await status("/")).body, /"version":"2\.0\.0"/);
    const back = await here.expect(0, "aplomo rollback");
    assert.match((await status("/")).body, /"version":"1\.1\.0"/);
    const running = (await processes()).find(({ pm2_env }) => pm2_env["status"] === "online");
    assert.equal(await readFile(join(String(running?.pm2_env["pm_cwd"]), "node_modules/marker.txt"), "utf8"), "1.1.0");
    said(t, back, /deployed: r\d+ is in front.*|.*r\d+ is in front and proven/);
  });

  it("S2.9: the runbook names what there is, and its first command says what is wrong and what to do", async (t) => {
    const runbook = await readFile(join(here.folder, "RUNBOOK.md"), "utf8");
    const commands = new Set(
      [...runbook.matchAll(/`(aplomo (?:status|history|logs|backup list|doctor))`/g)].map(([, command]) => command ?? ""),
    );
    assert.equal(commands.size, 5);
    for (const command of commands) await here.expect(0, command);
    assert.match(runbook, /## First[\s\S]*## Whom to call/);
    await docker("stop", "--time", "1", host);
    try {
      const ill = await here.type("aplomo doctor");
      assert.equal(ill.code, 1, ill.output);
      said(t, ill.output, /.*\[database-unreachable\].*|.*\[(name-unknown|host-refused)\].*/);
    } finally {
      await docker("start", host);
    }
    await rm(join(here.folder, "../theirs"), { recursive: true, force: true });
  });
});
