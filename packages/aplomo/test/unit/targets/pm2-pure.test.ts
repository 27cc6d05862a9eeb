import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as v from "valibot";
import { schema, type Pm2Settings } from "../../../src/config/schema.ts";
import { candidate, clashes, ecosystem } from "../../../src/targets/pm2/ecosystem.ts";
import { matcher } from "../../../src/targets/pm2/globs.ts";
import { shutdownLimit } from "../../../src/targets/pm2/inspect.ts";
import { parseSockets } from "../../../src/host/sockets.ts";
import { isOf, parseProcessList, releaseOf, toUnit } from "../../../src/targets/pm2/process-list.ts";
import { maskEnvironment } from "../../../src/targets/release-env.ts";

const listed = {
  pid: 42,
  name: "agenda@r12",
  pm_id: 3,
  pm2_env: {
    status: "online",
    exec_mode: "cluster_mode",
    pm_uptime: 1_795_361_744_533,
    restart_time: 2,
    exit_code: 0,
    pm_exec_path: "/r/app/server.js",
    pm_cwd: "/r/app",
    env: { APLOMO_RELEASE: "r12", PORT: 3000, nested: { a: 1 }, list: '[{"x": [1]}]' },
  },
};

describe("pm2's list of processes", () => {
  const json = JSON.stringify([listed]);
  const banner = "\n   -------------\n[PM2] Spawning PM2 daemon with pm2_home=/x\n\u001B[32m[PM2] \u001B[39mPM2 Successfully daemonized\n";
  for (const [title, text] of [
    ["alone", json],
    ["after the banner of a new daemon", banner + json],
    ["after a notice that the daemon is out of date", `>>>> In-memory PM2 is out-of-date, do:\n>>>> $ pm2 update\n${json}\n`],
  ] as const) {
    test(`is read ${title}`, () => {
      const [process] = parseProcessList(text);
      assert.equal(process?.name, "agenda@r12");
      assert.deepEqual(process?.env, { APLOMO_RELEASE: "r12", PORT: "3000", list: '[{"x": [1]}]' });
      assert.equal(process?.clustered, true);
    });
  }
  test("may be empty", () => assert.deepEqual(parseProcessList(`${banner}[]`), []));
  test("is told when it is none", () => assert.throws(() => parseProcessList("connect EACCES rpc.sock"), /EACCES/));

  test("becomes a unit that changes whenever the process is made anew", () => {
    const [process] = parseProcessList(json);
    assert.ok(process);
    const unit = toUnit("agenda", process, 1);
    assert.deepEqual(
      [unit.id, unit.service, unit.release, unit.state, unit.restarts, unit.exitCode, unit.address?.port],
      ["3:42:1795361744533", "app", "r12", "running", 2, 0, 3000],
    );
    assert.notEqual(toUnit("agenda", { ...process, startedAt: process.startedAt + 1 }, 1).id, unit.id);
  });

  test("knows an application's processes by their whole name", () => {
    const [process] = parseProcessList(json);
    assert.ok(process);
    const named = (name: string) => ({ ...process, name });
    assert.deepEqual(
      ["agenda", "agenda@r1", "agenda-api", "agenda2", "agenda-candidate"].map((name) => isOf("agenda", named(name))),
      [true, true, false, false, false],
    );
    assert.equal(releaseOf("agenda", named("agenda")), null);
  });
});

test("globs mean what they mean in .gitignore", () => {
  const means = (pattern: string, path: string): boolean => matcher([pattern])(path);
  for (const [pattern, path] of [
    ["*.log", "a.log"],
    ["*.log", "deep/er/a.log"],
    ["uploads/", "uploads/1.png"],
    ["node_modules", "packages/a/node_modules"],
    ["/dist", "dist/a.js"],
    ["data/*.db", "data/a.db"],
    ["a/**/b", "a/b"],
    ["a/**/b", "a/x/y/b"],
    ["./tmp", "tmp/x"],
    ["v1.0", "v1.0"],
  ] as const)
    assert.ok(means(pattern, path), `${pattern} ${path}`);
  for (const [pattern, path] of [
    ["*.log", "a.logs"],
    ["data/*.db", "data/deep/a.db"],
    ["/dist", "lib/dist"],
    ["v1.0", "v1x0"],
    ["uploads", "uploads2/x"],
  ] as const)
    assert.ok(!means(pattern, path), `${pattern} ${path}`);
  assert.equal(matcher([])("anything"), false);
});

test("sockets are read from the kernel's table", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000 100 0 0 10 0",
    "   1: 00000000000000000000000000000000:0BB9 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 222 1",
    "   2: 0000000000000000FFFF00000100007F:0BB9 0000000000000000FFFF00000100007F:C350 01 0:0 0:0 0 0 0 333 1",
    "   3: 00000000000000000000000001000000:0BBA 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 444 1",
    "   4: 0100007F:0BB8 0100007F:C351 06 0:0 0:0 0 0 0 0 1",
  ].join("\n");
  assert.deepEqual(
    parseSockets(table).map(({ inode, host, port, remotePort, listens }) => [inode, host, port, remotePort, listens]),
    [
      ["111", "127.0.0.1", 3000, 0, true],
      ["222", "127.0.0.1", 3001, 0, true],
      ["333", "127.0.0.1", 3001, 50_000, false],
      ["444", "::1", 3002, 0, true],
    ],
  );
});

test("a process file says what S2 asks for, and a candidate differs in port, name and restarts alone", () => {
  const settings = { kind: "pm2", script: "server.js", port: 3012, max_memory_restart: "300M", wait_ready: true };
  const { target } = v.parse(schema, { app: "hub", target: settings });
  const release = { id: "r12", path: "/x/r12" };
  const app = ecosystem("hub", target as Pm2Settings, release, { PORT: "3012", A: "1" });
  const { kill_timeout, listen_timeout, max_restarts, min_uptime, wait_ready, watch, merge_logs, autorestart, exec_mode, instances } = app;
  assert.deepEqual(
    [kill_timeout, listen_timeout, max_restarts, min_uptime, wait_ready, watch, merge_logs, autorestart, exec_mode, instances],
    [5_000, 10_000, 10, 10_000, true, false, true, true, "fork", 1],
  );
  assert.deepEqual([app.name, app.namespace, app.cwd, app.max_memory_restart], ["hub@r12", "hub", "/x/r12/app", "300M"]);
  const aside = candidate("hub", app, release, 40_000);
  assert.deepEqual([aside.name, aside.autorestart, aside.env], ["hub-candidate", false, { PORT: "40000", A: "1" }]);
  assert.notEqual(aside.out_file, app.out_file);
});

test("variables PM2 would take for settings are known", () => {
  assert.deepEqual(clashes(["STATUS", "status", "name", "http_proxy", "DATABASE_URL"]), ["status", "name"]);
});

test("a limit for shutting down is read only where its unit is certain", () => {
  const cases: [string, string, number | undefined][] = [
    ["SHUTDOWN_TIMEOUT_MS", "10000", 10_000],
    ["GRACEFUL_SHUTDOWN_TIMEOUT_SECONDS", "10", 10_000],
    ["DRAIN_TIMEOUT", "8s", 8_000],
    ["SHUTDOWN_TIMEOUT", "10", undefined],
    ["HTTP_TIMEOUT_MS", "10000", undefined],
    ["SHUTDOWN_TOKEN", "10s", undefined],
  ];
  for (const [name, value, expected] of cases) assert.equal(shutdownLimit(name, value), expected, name);
});

test("a program's words lose the values of its environment and keep what everybody knows", () => {
  const values = {
    URL: "postgres://u:p%40ssword@h/db",
    KEY: "-----BEGIN\nline-two-of-it\n",
    MODE: "production",
    N: "3012",
    LONG: "abcdef",
    LONGER: "abcdefghi",
  };
  const said = maskEnvironment("u p@ssword p%40ssword line-two-of-it production 3012 abcdefghi abcdef", values);
  assert.equal(said, "u [secret] [secret] [secret] production 3012 [secret] [secret]");
});
