import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../../src/seed/differences.ts";

test("values that drivers give in another form are the same", () => {
  const at = new Date("2026-01-01T00:00:00Z");
  const wanted = { price: 1.5, active: true, off: false, at, meta: { b: 1, a: [2] }, note: null, name: "x", big: 10n };
  const found = {
    price: "1.50",
    active: 1,
    off: "f",
    at: "2026-01-01T00:00:00.000Z",
    meta: '{"a":[2],"b":1}',
    note: null,
    name: "x",
    big: "10",
  };
  assert.deepEqual(differences(wanted, found, []), []);
});

test("what a person changed is named, what is left out is not looked at", () => {
  const wanted = { email: "a@b", name: "Ana", hash: "new", role: "admin", phone: "1" };
  assert.deepEqual(differences(wanted, { email: "a@b", name: "Ana María", hash: "old", role: "user", phone: null }, ["hash"]), [
    "name",
    "role",
    "phone",
  ]);
});
