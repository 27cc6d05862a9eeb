import assert from "node:assert/strict";
import { it } from "node:test";
import type { Columns } from "../../../src/databases/contract.ts";
import { differences } from "../../../src/deploy/rehearsal/drift.ts";
import { waitsTooLong } from "../../../src/deploy/way.ts";
import { work } from "./work.ts";

const column = { type: "integer", nullable: true, filled: false };
const columns = (tables: Record<string, string[]>): Columns =>
  Object.fromEntries(Object.entries(tables).map(([table, names]) => [table, Object.fromEntries(names.map((name) => [name, column]))]));

it("drift names what migrations promise and the data lacks, and what it has beyond them; tables of tools are none", () => {
  const promised = {
    columns: columns({ users: ["id", "nick"], pets: ["id"], migrations: ["name"] }),
    schema: { "index: public.users_nick": "x" },
  };
  const found = {
    columns: columns({ users: ["id", "legacy"], "public.schema_migrations": ["v"] }),
    schema: { "index: public.migrations_pkey": "x" },
  };
  assert.deepEqual(differences(promised, found), [
    "column users.nick is promised, and missing",
    "table pets is promised, and missing",
    "column pets.id is promised, and missing",
    "index public.users_nick is promised, and missing",
    "column users.legacy is in no migration",
  ]);
});

it("a live change is refused when requests would wait behind its locks for longer than hold.limit", () => {
  const lock = { table: "users", mode: "AccessExclusiveLock", statement: "ALTER TABLE users ...", ms: 31_000 };
  const given = work({ facts: { change: "migrate" } });
  assert.match(
    waitsTooLong(given, "live", [{ ...lock, ms: 5 }, lock]) ?? "",
    /users was locked \(AccessExclusiveLock\) for 31.* hold\.limit is 30/,
  );
  assert.equal(waitsTooLong(given, "live", [{ ...lock, ms: 29_000 }]), undefined);
  assert.equal(waitsTooLong(given, "stop", [lock]), undefined);
});
