import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Column, Columns } from "../../../src/databases/contract.ts";
import { narrowings } from "../../../src/deploy/rehearsal/narrowing.ts";
import { expectedHold, servesOn, tooLong, wayOf } from "../../../src/deploy/way.ts";
import { none } from "../../../src/edges/none/none.ts";
import { abilities } from "./facts.ts";
import { work, type Parts } from "./work.ts";

const database = (name: string, transactionalDdl = true) => ({ name, capabilities: { transactionalDdl } }) as never;
const holding = { capabilities: { ...none.capabilities, switches: true, holds: { limitMs: 20_000, survivesRestart: true } } } as never;
const edge = { kind: "caddy", version: null, pointed: true };
const given = (more: Partial<Parts> & { fronted?: boolean } = {}) => {
  const made = work({
    settings: { databases: { shop: { engine: "postgres", service: "db" } }, migrate: { run: ["x"], service: "web" }, ...more.settings },
    facts: { change: "migrate", ...(more.fronted ? { edge } : {}) },
    databases: more.databases ?? [database("shop")],
    evidence: more.evidence ?? {},
    started: [],
  });
  return { ...made, target: { capabilities: abilities().target } as never, edge: more.fronted ? holding : none };
};

describe("the way data is changed", () => {
  it("is live when the current release works on the migrated data", () => assert.equal(wayOf(given(), "compatible"), "live"));
  it("is never live where a change that fails half-way stays", () =>
    assert.equal(wayOf(given({ databases: [database("shop", false)] }), "compatible"), "stop"));
  it("is live there all the same when Aplomo runs files of one statement each, which the server does as a whole or not at all", () => {
    const settings = { databases: { shop: { engine: "mariadb", service: "db" } }, migrate: { files: "sql", database: "shop" } };
    const databases = [database("shop", false)];
    const evidence = { "prepare.database.shop": { atomicStatements: true } };
    const add = "-- a note\nALTER TABLE users ADD COLUMN nick varchar(40);";
    assert.equal(wayOf(given({ settings, databases, evidence }), "compatible", [add, "UPDATE users SET nick = name"]), "live");
    assert.equal(wayOf(given({ settings, databases, evidence }), "compatible", []), "live");
    assert.equal(wayOf(given({ settings, databases, evidence }), "compatible", [`${add} UPDATE users SET nick = name`]), "stop");
    assert.equal(wayOf(given({ settings, databases, evidence }), "breaking", [add]), "stop");
    assert.equal(wayOf(given({ settings, databases }), "compatible", [add]), "stop");
    const seeded = { ...settings, seed: { run: ["x"], service: "web", database: "shop" } };
    assert.equal(wayOf(given({ settings: seeded, databases, evidence }), "compatible", [add]), "stop");
    const program = { ...settings, migrate: { run: ["x"], service: "web", database: "shop" } };
    assert.equal(wayOf(given({ settings: program, databases, evidence }), "compatible", []), "stop");
  });
  it("counts only the database that the migration changes", () => {
    const settings = {
      databases: { shop: { engine: "postgres", service: "db" }, log: { engine: "mariadb", service: "log" } },
      migrate: { run: ["x"], service: "web", database: "shop" },
    };
    assert.equal(wayOf(given({ settings, databases: [database("shop"), database("log", false)] }), "compatible"), "live");
  });
  it("lets requests wait where the edge can, and stops the app elsewhere", () => {
    assert.equal(wayOf(given({ fronted: true }), "breaking"), "hold");
    assert.equal(wayOf(given(), "breaking"), "stop");
  });
  it("is what the rehearsal recorded, also after a crash", () => {
    assert.equal(servesOn(given({ evidence: { "rehearse.release": { way: "live" } } })), true);
    assert.equal(servesOn(given({ evidence: { "rehearse.release": { way: "hold" } } })), false);
    assert.equal(servesOn(given()), false);
  });
});

describe("a hold", () => {
  const evidence = { "protect.backup.shop": { tookMs: 4_000 } };
  it("takes a backup, the change and the start", () => assert.equal(expectedHold(given({ evidence }), 2_000, 500), 6_500));
  it("is refused when it is longer than aplomo.yml allows, or the edge can", () => {
    assert.match(
      tooLong(given({ fronted: true, settings: { hold: { limit: "5s" } } }), "hold", 6_500) ?? "",
      /about 6\.5 s, and hold\.limit is 5\.0 s/,
    );
    assert.match(tooLong(given({ fronted: true }), "hold", 25_000) ?? "", /hold\.limit is 20/);
    assert.equal(tooLong(given({ fronted: true }), "hold", 6_500), undefined);
    assert.equal(tooLong(given({ fronted: true }), "live", 60_000), undefined);
  });
});

describe("what the current release may not write any more", () => {
  const column = (type: string, more: Partial<Column> = {}): Column => ({ type, nullable: true, filled: false, ...more });
  const before: Columns = {
    users: { id: column("integer", { nullable: false, filled: true }), name: column("character varying(20)"), age: column("integer") },
  };
  const cases: [string, Columns, string[]][] = [
    [
      "a new table and a new column that may be NULL: nothing",
      { users: { ...before["users"], nick: column("text") }, pets: { id: column("integer", { nullable: false }) } },
      [],
    ],
    [
      "a new column with a default: nothing",
      { users: { ...before["users"], ok: column("boolean", { nullable: false, filled: true }) } },
      [],
    ],
    [
      "a new column that must be given",
      { users: { ...before["users"], nick: column("text", { nullable: false }) } },
      ["users.nick is new, takes no NULL, and has no default"],
    ],
    ["a wider type: nothing", { users: { ...before["users"], name: column("character varying(40)"), age: column("bigint") } }, []],
    ["another type", { users: { ...before["users"], age: column("text") } }, ["users.age was integer, and is text"]],
    [
      "a shorter text",
      { users: { ...before["users"], name: column("character varying(10)") } },
      ["users.name was character varying(20), and is character varying(10)"],
    ],
    [
      "no NULL any more",
      { users: { ...before["users"], age: column("integer", { nullable: false, filled: true }) } },
      ["users.age takes no NULL any more"],
    ],
    ["a table that is gone", {}, ["users is gone"]],
  ];
  for (const [what, after, expected] of cases) {
    it(what, () => assert.deepEqual(narrowings({ columns: before, schema: {} }, { columns: after, schema: {} }), expected));
  }
  it("a column that was renamed", () => {
    const { name, ...rest } = before["users"] ?? {};
    const after = { users: { ...rest, ...(name ? { label: name } : {}) } };
    assert.deepEqual(narrowings({ columns: before, schema: {} }, { columns: after, schema: {} }), ["users.name is gone"]);
  });
  it("rules that are new on tables that are not", () => {
    const after = {
      "constraint: public.users users_age": "CHECK (age > 0)",
      "index: public.users_name": "CREATE UNIQUE INDEX users_name ON public.users USING btree (name)",
      "index: public.users_age": "CREATE INDEX users_age ON public.users USING btree (age)",
      "index: users.by_name": "0\nBTREE\nname",
      "constraint: public.pets pets_pkey": "PRIMARY KEY (id)",
    };
    const found = narrowings({ columns: before, schema: {} }, { columns: before, schema: after });
    assert.deepEqual(found, [
      "users has a rule more: public.users users_age",
      "users has a rule more: public.users_name",
      "users has a rule more: users.by_name",
    ]);
  });
});
