import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assemble } from "../assemble.mjs";
import { eachEngine } from "./engines.js";
import { booking, folder, get, here, post, prepare, run, serve, until, version } from "./support.js";

test("assembling a version replaces another one, and leaves what is not the app's", (t) => {
  const app = folder(t);
  assemble("lossy", app);
  writeFileSync(join(app, ".env"), "PORT=1\n");
  assert.ok(existsSync(join(app, "migrations/sqlite/003_reminder_column.sql")));
  assemble("v1", app);
  assert.ok(!existsSync(join(app, "migrations/sqlite/002_reminders.sql")));
  assert.ok(!existsSync(join(app, "dispatch.js")));
  assert.equal(readFileSync(join(app, ".env"), "utf8"), "PORT=1\n");
  assert.equal(JSON.parse(readFileSync(join(app, "package.json"), "utf8")).version, "1.0.0");
  assert.equal(readFileSync(join(app, "server.js"), "utf8"), readFileSync(join(here, "server.js"), "utf8"));
  assert.throws(() => assemble("v3", app), /no version v3; there are v1, patch, v2/);
});

eachEngine("versions", (fresh) => {
  /** A clinic on version 2 with one appointment without a reminder and one with. @param {import("node:test").TestContext} t */
  async function clinic(t) {
    const database = await fresh(t);
    const v1 = version(t, "v1");
    await prepare(v1, database.env);
    const old = await serve(t, v1, database.env);
    assert.equal((await post(old.url, "/api/appointments", booking())).status, 201);
    const v2 = version(t, "v2");
    await prepare(v2, database.env);
    const now = await serve(t, v2, database.env);
    const withReminder = await post(now.url, "/api/appointments", booking({ time: "10:00", reminder: "text", note: "Bring the X-ray" }));
    assert.equal(withReminder.status, 201);
    return { ...database, old, now, withReminder: withReminder.body };
  }

  test("patch needs no migration and opens longer", async (t) => {
    const { env } = await fresh(t);
    await prepare(here, env);
    const app = version(t, "patch");
    assert.match((await run(app, "migrate.js", env)).output, /nothing to do/);
    const { url } = await serve(t, app, env);
    assert.equal((await post(url, "/api/appointments", booking({ time: "18:00" }))).status, 201);
    assert.equal((await get(url, "/healthz")).body.version, "1.0.1");
  });

  test("v2 keeps notes and reminders; v1 goes on working beside it", async (t) => {
    const { old, now, withReminder } = await clinic(t);
    assert.deepEqual([withReminder.reminder, withReminder.note], ["text", "Bring the X-ray"]);
    const { appointments } = (await get(now.url, "/api/appointments")).body;
    assert.deepEqual(
      appointments.map((/** @type {any} */ one) => one.reminder),
      ["none", "text"],
    );
    const page = await (await fetch(`${now.url}/?day=2030-01-15`)).text();
    assert.match(page, /Text message, Monday evening/);
    assert.match(page, /Agenda 2\.0\.0/);
    assert.equal((await post(now.url, "/api/appointments", booking({ time: "11:00", reminder: "pigeon" }))).body.field, "reminder");

    assert.equal((await get(old.url, "/healthz")).status, 200);
    assert.equal((await post(old.url, "/api/appointments", booking({ time: "12:00" }))).status, 201);
    assert.equal((await get(old.url, "/api/appointments")).body.appointments.length, 3);
  });

  test("exit-zero is healthy first, and then ends with exit code 0", async (t) => {
    const { env } = await clinic(t);
    const app = version(t, "exit-zero");
    await prepare(app, env);
    const server = await serve(t, app, { ...env, EXIT_ZERO_AFTER_MS: "1500" });
    assert.equal((await get(server.url, "/healthz")).status, 200);
    assert.deepEqual(await server.exit, { code: 0, signal: null });
    assert.doesNotMatch(server.output(), /stopping|rror/);
  });

  test("crash ends at once, with a stack that names the cause; migration and seed still work", async (t) => {
    const { env } = await clinic(t);
    const app = version(t, "crash");
    await prepare(app, env);
    const { code, output } = await run(app, "server.js", { ...env, PORT: "0" });
    assert.equal(code, 1);
    assert.match(output, /SMS_GATEWAY_URL is not set\n\s+at /);
  });

  test("hang never listens, and does not end", async (t) => {
    const { env } = await clinic(t);
    const app = version(t, "hang");
    await prepare(app, env);
    const hanging = serve(t, app, { ...env }, { ready: false });
    const outcome = await Promise.race([
      hanging.then(
        () => "listens",
        () => "ended",
      ),
      new Promise((resolve) => void setTimeout(resolve, 2_000, "hangs")),
    ]);
    assert.equal(outcome, "hangs");
    hanging.catch(() => {});
  });

  test("unhealthy listens, answers 503 and never says that it is ready", async (t) => {
    const { env } = await clinic(t);
    const app = version(t, "unhealthy");
    await prepare(app, env);
    const server = await serve(t, app, env, { ready: false });
    const { status, body } = await get(server.url, "/healthz");
    assert.deepEqual([status, body.gateway], [503, "cannot be reached"]);
    await until("it says why it is not ready", () => server.output().includes("not ready: "));
    assert.doesNotMatch(server.output(), /: ready/);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  });

  test("lossy migrates without an error, is healthy, and has lost every appointment without a reminder", async (t) => {
    const { env, look, withReminder } = await clinic(t);
    const app = version(t, "lossy");
    await prepare(app, env);
    assert.deepEqual(
      (await look("SELECT id FROM appointments")).map(({ id }) => id),
      [withReminder.id],
    );
    const { url } = await serve(t, app, env);
    assert.equal((await get(url, "/healthz")).status, 200);
    assert.equal((await post(url, "/api/appointments", booking({ time: "13:00", reminder: "call" }))).body.reminder, "call");
  });

  test("migration-fails ends with 1, names file and statement, and leaves nothing", async (t) => {
    const { env, look, now } = await clinic(t);
    const { code, output } = await run(version(t, "migration-fails"), "migrate.js", env);
    assert.equal(code, 1);
    assert.match(output, /^migrate: failed: 003_rooms\.sql: .*\n {2}in: INSERT INTO rooms/);
    await assert.rejects(look("SELECT * FROM rooms"));
    assert.equal((await look("SELECT name FROM migrations")).length, 2);
    assert.equal((await post(now.url, "/api/appointments", booking({ time: "15:00" }))).status, 201);
  });

  test("migration-half ends with 1, and half of it stays: no version can book any more", async (t) => {
    const { env, look, now, old } = await clinic(t);
    const { code, output } = await run(version(t, "migration-half"), "migrate.js", env);
    assert.equal(code, 1);
    assert.match(output, /003_rooms\.sql/);
    assert.equal((await look("SELECT * FROM rooms")).length, 0);
    assert.equal((await look("SELECT name FROM migrations")).length, 2);
    for (const { url } of [now, old]) assert.equal((await post(url, "/api/appointments", booking({ time: "15:00" }))).status, 500);
  });
});
