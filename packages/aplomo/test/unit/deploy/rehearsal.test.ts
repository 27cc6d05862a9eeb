import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Secret } from "../../../src/base/secret.ts";
import { decideRehearsal } from "../../../src/deploy/decide.ts";
import { redirect, type Redirection } from "../../../src/deploy/rehearsal/redirect.ts";
import { decide, rowChanges, schemaChanges } from "../../../src/deploy/rehearsal/verdict.ts";
import { config } from "./facts.ts";

describe("a variable in a rehearsal", () => {
  const byUrl: Redirection[] = [
    {
      database: "agenda",
      settings: { url: new Secret("postgres://app:s3cret@db.internal/agenda?sslmode=require") },
      place: "aplomo_rehearsal_d7_x",
    },
  ];
  const byFile: Redirection[] = [
    { database: "agenda", settings: { file: "data/agenda.db" }, place: "/srv/agenda/data/agenda.db.aplomo_rehearsal_d7" },
  ];
  const byMongo: Redirection[] = [
    { database: "agenda", settings: { url: new Secret("mongodb://x@db.internal/agenda") }, place: "aplomo_rehearsal_d7_x" },
  ];
  const cases: [string, Redirection[], string, string][] = [
    [
      "the same URL",
      byUrl,
      "postgres://app:s3cret@db.internal/agenda?sslmode=require",
      "postgres://app:s3cret@db.internal/aplomo_rehearsal_d7_x?sslmode=require",
    ],
    [
      "another user and driver, the port written out",
      byUrl,
      "postgresql+asyncpg://ro:x@DB.internal:5432/agenda",
      "postgresql+asyncpg://ro:x@DB.internal:5432/aplomo_rehearsal_d7_x",
    ],
    ["another database of the server", byUrl, "postgres://app:s3cret@db.internal/other", "postgres://app:s3cret@db.internal/other"],
    ["the same name on another server", byUrl, "postgres://app@elsewhere/agenda", "postgres://app@elsewhere/agenda"],
    ["another port", byUrl, "postgres://app@db.internal:6432/agenda", "postgres://app@db.internal:6432/agenda"],
    ["a word that is the database's name", byUrl, "agenda", "agenda"],
    ["the file, absolute", byFile, "/srv/agenda/data/agenda.db", "/srv/agenda/data/agenda.db.aplomo_rehearsal_d7"],
    ["the file as a URL", byFile, "file:./data/agenda.db?mode=rw", "file:/srv/agenda/data/agenda.db.aplomo_rehearsal_d7?mode=rw"],
    ["another file", byFile, "/srv/agenda/data/agenda.db-journal", "/srv/agenda/data/agenda.db-journal"],
    [
      "MongoDB's, which then says where the account is",
      byMongo,
      "mongodb://app:s3cret@db.internal/agenda?tls=true",
      "mongodb://app:s3cret@db.internal/aplomo_rehearsal_d7_x?tls=true&authSource=agenda",
    ],
    [
      "MongoDB's, which says so already",
      byMongo,
      "mongodb://app:s3cret@db.internal:27017/agenda?authSource=admin",
      "mongodb://app:s3cret@db.internal:27017/aplomo_rehearsal_d7_x?authSource=admin",
    ],
    ["nothing", byFile, "", ""],
  ];
  for (const [what, redirections, value, expected] of cases) {
    it(`that is ${what} is ${value === expected ? "left alone" : "led to the copy"}`, () => {
      const found = new Set<string>();
      assert.equal(redirect(value, redirections, "/srv/agenda", found), expected);
      assert.equal(found.has("agenda"), value !== expected);
    });
  }
});

describe("a verdict", () => {
  it("refuses what is broken, whatever the current release says", () => {
    assert.equal(decide({ broken: ["the migration failed"], outdated: [] }), "refused");
  });
  it("is breaking when only the current release fails", () =>
    assert.equal(decide({ broken: [], outdated: ["r1 answers 500"] }), "breaking"));
  it("is compatible when both work, or nothing runs yet", () => {
    assert.equal(decide({ broken: [], outdated: [] }), "compatible");
    assert.equal(decide({ broken: [], outdated: null }), "compatible");
  });
  it("names tables and parts that changed", () => {
    assert.deepEqual(rowChanges({ a: 1, b: 2, c: 3 }, { a: 1, b: 1, d: 4 }), ["b: 2 -> 1", "c: gone, with 3 rows", "d: new, 4 rows"]);
    assert.deepEqual(schemaChanges({ "table: a": "1", "table: b": "2" }, { "table: a": "9", "table: c": "3" }), [
      "table: a: changed",
      "table: b: gone",
      "table: c: new",
    ]);
  });
});

describe("whether a release is rehearsed", () => {
  const with_ = (rehearsal: object, databases: object = { agenda: { engine: "sqlite", file: "a.db" } }): ReturnType<typeof config> =>
    config({ databases, rehearsal });
  const cases: [string, object, Parameters<typeof decideRehearsal>[1], boolean, "none" | "migrate", boolean][] = [
    ["data changes", {}, { action: "deploy" }, true, "migrate", true],
    ["data is left alone", {}, { action: "deploy" }, true, "none", false],
    ["data is left alone and `always` is set", { when: "always" }, { action: "deploy" }, true, "none", true],
    ["it is the first release", {}, { action: "deploy" }, false, "migrate", false],
    ["`never` is set", { when: "never" }, { action: "deploy" }, true, "migrate", false],
    ["--no-rehearsal is given", { when: "always" }, { action: "deploy", rehearse: false }, true, "migrate", false],
    ["it is asked for", { when: "never" }, { action: "rehearse" }, true, "none", true],
  ];
  for (const [when, rehearsal, request, serving, change, run] of cases) {
    it(`when ${when}: ${run ? "yes" : "no"}, and the plan says why`, () => {
      const decided = decideRehearsal(with_(rehearsal), request, serving, change);
      assert.equal(decided.run, run);
      assert.match(decided.reason, run ? /^rehearsed / : /^not rehearsed: /);
    });
  }
  it("without a database: no", () => assert.equal(decideRehearsal(with_({}, {}), { action: "rehearse" }, true, "none").run, false));
});
