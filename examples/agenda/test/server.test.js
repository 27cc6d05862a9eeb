import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { today } from "../slots.js";
import { folder, here, prepare, run, serve } from "./support.js";

/** @param {import("node:test").TestContext} t */
function sqlite(t) {
  return { DATABASE_FILE: join(folder(t), "agenda.db") };
}

test("it does not start without a database, and says what to do", async (t) => {
  const env = sqlite(t);
  for (const [wrong, words] of /** @type {[Record<string, string>, RegExp][]} */ ([
    [{}, /Set one of DATABASE_FILE/],
    [{ ...env, DATABASE_URL: "postgres://127.0.0.1/agenda" }, /Set one of DATABASE_FILE/],
    [env, /no database at .*Run migrate\.js first/],
    [{ ...env, PORT: "http" }, /PORT=http is not a whole number/],
  ])) {
    const { code, output } = await run(here, "server.js", wrong);
    assert.equal(code, 1);
    assert.match(output, words);
    assert.doesNotMatch(output, /\n {4}at /);
  }
});

test("it does not start on a port that is taken", async (t) => {
  const env = sqlite(t);
  await prepare(here, env);
  const { url } = await serve(t, here, env);
  const { code, output } = await run(here, "server.js", { ...env, PORT: new URL(url).port });
  assert.equal(code, 1);
  assert.match(output, /EADDRINUSE/);
});

test("the page shows the day, books and cancels by form, and keeps what was typed when it refuses", async (t) => {
  const env = sqlite(t);
  await prepare(here, env, ["--samples"]);
  const { url } = await serve(t, here, { ...env, CLINIC_NAME: "Tom & Ann's" });
  const page = await (await fetch(url)).text();
  assert.match(page, /Grace Adeyemi/);
  assert.match(page, /Tom &amp; Ann&#39;s/);
  assert.match(page, /Agenda 1\.0\.0/);

  const fields = { practitionerId: "1", day: today(), time: "17:00", name: "<b>Zoë</b>", phone: "555 0199", reason: "" };
  const book = () => fetch(`${url}/appointments`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  const booked = await book();
  assert.equal(booked.status, 303);
  const after = await (await fetch(new URL(booked.headers.get("location") ?? "", url))).text();
  assert.match(after, /The appointment is booked/);
  assert.match(after, /&lt;b&gt;Zoë&lt;\/b&gt;/);
  assert.doesNotMatch(after, /<b>Zoë/);

  const refused = await book();
  assert.equal(refused.status, 409);
  const form = await refused.text();
  assert.match(form, /role="alert">17:00 has just been taken/);
  assert.match(form, /value="555 0199"/);

  const id = new URL(booked.headers.get("location") ?? "", url).searchParams.get("booked");
  const cancelled = await fetch(`${url}/appointments/${id}/cancel`, { method: "POST" });
  const undo = await cancelled.text();
  assert.match(undo, /The appointment is cancelled/);
  // The form holds it still, to be booked again.
  assert.match(undo, /name="name"\s+value="&lt;b&gt;Zoë&lt;\/b&gt;"/);
  assert.equal((await book()).status, 303);
});

test("a form on another site cannot book, and pages bring their own policy", async (t) => {
  const env = sqlite(t);
  await prepare(here, env);
  const { url } = await serve(t, here, env);
  const foreign = await fetch(`${url}/appointments`, { method: "POST", headers: { "sec-fetch-site": "cross-site" }, body: "" });
  assert.equal(foreign.status, 403);
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.match(head.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  assert.equal((await fetch(`${url}/../.env`)).status, 404);
  assert.equal((await fetch(`${url}/nothing`)).status, 404);
});

test("requests are logged when asked for, one line each", async (t) => {
  const env = sqlite(t);
  await prepare(here, env);
  const server = await serve(t, here, { ...env, LOG_REQUESTS: "1" });
  await (await fetch(`${server.url}/healthz?a=1`)).text();
  await server.stop();
  const line = JSON.parse(
    server
      .output()
      .split("\n")
      .find((one) => one.startsWith("{")) ?? "null",
  );
  assert.deepEqual([line.method, line.url, line.status, line.complete], ["GET", "/healthz?a=1", 200, true]);
});
