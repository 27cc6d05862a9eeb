import assert from "node:assert/strict";
import { test } from "node:test";
import { seed } from "../../../src/seed/seed.ts";
import type { Row, Store } from "../../../src/seed/store.ts";

/** A database of arrays whose transactions really roll back. */
function arrays(tables: Record<string, Row[]>, beforeCommit: () => void = () => undefined): Store {
  return {
    nameOf: (table) => table,
    async transaction(work) {
      const before = structuredClone(tables);
      try {
        const result = await work({
          find: (table, where) => Promise.resolve(tables[table]?.find((row) => Object.keys(where).every((key) => row[key] === where[key]))),
          create(table, data) {
            const row = { id: (tables[table] ??= []).length + 1, ...data };
            tables[table].push(row);
            return Promise.resolve(row);
          },
        });
        beforeCommit();
        return result;
      } catch (error) {
        for (const name of Object.keys(tables)) tables[name] = before[name] ?? [];
        throw error;
      }
    },
  };
}

const quiet = { log: () => undefined };

test("creates what is missing, finds what is there, leaves alone what a person changed", async () => {
  const tables: Record<string, Row[]> = { user: [{ id: 1, email: "a@b", name: "Ana María", role: "admin" }] };
  const lines: string[] = [];
  const run = () =>
    seed(
      arrays(tables),
      async (ensure) => {
        await ensure("user", { by: "email" }, { email: "a@b", name: "Ana", role: "admin" });
        const clinic = await ensure("clinic", { by: "slug" }, { slug: "central" });
        await ensure("room", { by: ["clinic", "name"] }, { clinic: clinic.id, name: "1" });
      },
      { log: (_, message) => lines.push(message) },
    );
  const first = await run();
  assert.deepEqual({ ...first, tables: undefined }, { created: 2, present: 0, changed: 1, tables: undefined });
  assert.deepEqual(lines, [
    "user a@b: already there, changed by a person and left alone (name)",
    "clinic central: created",
    "room 1, 1: created",
    "done",
  ]);
  assert.equal(tables.user?.[0]?.name, "Ana María");
  const second = await run();
  assert.deepEqual([second.created, second.present, second.changed], [0, 2, 1]);
  assert.deepEqual(second.tables.user, { created: 0, present: 0, changed: 1 });
});

test("a failure leaves nothing behind", async () => {
  const tables: Record<string, Row[]> = {};
  const work = async (ensure: Parameters<Parameters<typeof seed<string>>[1]>[0]): Promise<void> => {
    await ensure("user", { by: "email" }, { email: "a@b" });
    throw new Error("the hash function is missing");
  };
  await assert.rejects(seed(arrays(tables), work, quiet), /hash function/);
  assert.deepEqual(tables.user ?? [], []);
});

test("another seed that was first is no failure: the second try finds its rows", async () => {
  const tables: Record<string, Row[]> = {};
  let other = true;
  const store = arrays(tables, () => {
    if (!other) return;
    other = false;
    setImmediate(() => undefined);
    throw Object.assign(new Error("duplicate key"), { code: "23505" });
  });
  const summary = await seed(store, async (ensure) => void (await ensure("user", { by: "email" }, { email: "a@b" })), quiet);
  assert.equal(summary.created, 1);
  assert.equal(tables.user?.length, 1);
});

test("data without the field it is recognised by is a mistake", async () => {
  const work = async (ensure: Parameters<Parameters<typeof seed<string>>[1]>[0]): Promise<void> =>
    void (await ensure("user", { by: "email" }, { name: "Ana" }));
  await assert.rejects(seed(arrays({}), work, quiet), /the data has no email/);
});
