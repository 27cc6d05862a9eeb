import assert from "node:assert/strict";
import { test } from "node:test";
import { times } from "../slots.js";
import { eachEngine } from "./engines.js";
import { booking, get, here, post, prepare, run, serve } from "./support.js";

eachEngine("agenda", (fresh) => {
  test("two processes on one database: each time is booked once, whoever is first", async (t) => {
    const { env, look } = await fresh(t);
    await prepare(here, env);
    const [one, two] = await Promise.all([serve(t, here, env), serve(t, here, env)]);
    const wanted = [1, 2, 3, 4].flatMap((practitionerId) => times.map((time) => ({ practitionerId, time })));
    const answers = await Promise.all(
      wanted.flatMap(({ practitionerId, time }) =>
        [one, two].map(({ url }, index) =>
          post(url, "/api/appointments", booking({ practitionerId, time, patient: { name: `Patient ${index}`, phone: "555 0100" } })),
        ),
      ),
    );
    const created = answers.filter(({ status }) => status === 201);
    assert.equal(created.length, wanted.length);
    assert.equal(answers.filter(({ status }) => status === 409).length, wanted.length);
    const stored = await look("SELECT id FROM appointments ORDER BY id");
    assert.deepEqual(new Set(created.map(({ body }) => body.id)), new Set(stored.map(({ id }) => id)));
    // What one process confirmed, the other one shows at once.
    assert.equal((await get(two.url, `/api/appointments?day=2030-01-15`)).body.appointments.length, wanted.length);
  });

  test("a cancelled time is free again, and its appointment stays on record", async (t) => {
    const { env, look } = await fresh(t);
    await prepare(here, env);
    const { url } = await serve(t, here, env);
    const first = await post(url, "/api/appointments", booking());
    assert.equal(first.status, 201);
    assert.deepEqual((await get(url, `/api/appointments/${first.body.id}`)).body, first.body);
    assert.equal((await post(url, "/api/appointments", booking())).status, 409);

    const cancelled = await (await fetch(`${url}/api/appointments/${first.body.id}`, { method: "DELETE" })).json();
    const again = await (await fetch(`${url}/api/appointments/${first.body.id}`, { method: "DELETE" })).json();
    assert.ok(cancelled.cancelledAt);
    assert.deepEqual(again, cancelled);

    const second = await post(url, "/api/appointments", booking());
    assert.equal(second.status, 201);
    assert.equal(second.body.patient.id, first.body.patient.id);
    assert.equal((await look("SELECT id FROM appointments")).length, 2);
    assert.equal((await get(url, "/api/appointments")).body.appointments.length, 2);
    assert.equal((await get(url, "/api/appointments?day=2030-01-15")).body.appointments.length, 1);
  });

  test("what cannot be booked is refused with the field to correct, and leaves nothing behind", async (t) => {
    const { env, look } = await fresh(t);
    await prepare(here, env);
    const { url } = await serve(t, here, env);
    for (const [field, wrong] of /** @type {[string, object][]} */ ([
      ["practitionerId", { practitionerId: "x" }],
      ["practitionerId", { practitionerId: 99 }],
      ["day", { day: "2030-02-30" }],
      ["time", { time: "09:10" }],
      ["name", { patient: { name: "", phone: "555 0100" } }],
      ["phone", { patient: { name: "Ann Lee", phone: "call me" } }],
      ["reason", { reason: "x".repeat(201) }],
    ])) {
      const { status, body } = await post(url, "/api/appointments", booking(wrong));
      assert.deepEqual([status, body.field], [400, field]);
    }
    assert.equal((await fetch(`${url}/api/appointments`, { method: "POST", body: "x".repeat(20_000) })).status, 413);
    assert.equal((await get(url, "/api/appointments/4711")).status, 404);
    assert.equal((await get(url, "/api/appointments?day=tomorrow")).status, 400);
    assert.equal((await look("SELECT id FROM patients")).length, 0);
  });

  test("migrating and seeding twice, and twice at the same time, is doing it once", async (t) => {
    const { env, look } = await fresh(t);
    for (const script of ["migrate.js", "seed.js"]) {
      const results = await Promise.all([run(here, script, env), run(here, script, env)]);
      for (const { code, output } of results) assert.equal(code, 0, output);
      const again = await run(here, script, env);
      assert.equal(again.code, 0, again.output);
      assert.match(again.output, script === "migrate.js" ? /nothing to do/ : /Mei Tanaka: already there/);
    }
    assert.equal((await look("SELECT name FROM migrations")).length, 1);
    assert.equal((await look("SELECT name FROM practitioners")).length, 4);
  });

  test("health names the release, and says 503 with the reason when the tables are gone", async (t) => {
    const { env, look } = await fresh(t);
    await prepare(here, env);
    const { url } = await serve(t, here, { ...env, APLOMO_RELEASE: "r7" });
    const healthy = await get(url, "/healthz");
    assert.deepEqual([healthy.status, healthy.body.status, healthy.body.database, healthy.body.release], [200, "ok", "connected", "r7"]);
    await look("DROP TABLE migrations").catch(() => {});
    const { status, body } = await get(url, "/healthz");
    assert.equal(status, 503);
    assert.match(body.database, /migrations/);
  });
});
