import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { identifier, literal, parseQualified, settingClause, tableKey } from "../../../src/databases/postgres/quote.ts";

describe("names and texts in SQL", () => {
  it("quotes names whatever is in them", () => {
    assert.equal(identifier("users"), '"users"');
    assert.equal(identifier('a "b" c'), '"a ""b"" c"');
    assert.throws(() => identifier("a\0b"), /NUL/);
  });

  it("quotes texts so that neither the server nor psql reads them", () => {
    assert.equal(literal("it's"), "'it''s'");
    assert.equal(literal("a\\b'c"), "E'a\\\\b''c'");
    assert.equal(literal(":name; DROP"), "':name; DROP'");
    assert.throws(() => literal("a\0b"), /NUL/);
  });

  it("calls a table in public by its own name, others with their schema, without a doubt which", () => {
    assert.equal(tableKey("public", "users"), "users");
    assert.equal(tableKey("audit", "log"), "audit.log");
    assert.equal(tableKey("public", "audit.log"), '"audit.log"');
    assert.equal(tableKey('a"b', "año nuevo"), '"a""b".año nuevo');
  });

  it("reads a qualified name as pg_dump writes it", () => {
    assert.deepEqual(parseQualified("public.users (id)"), { schema: "public", name: "users" });
    assert.deepEqual(parseQualified('public."a ""b"" (c).d" (id)'), { schema: "public", name: 'a "b" (c).d' });
    assert.deepEqual(parseQualified('"we.ird"."t\nt";'), { schema: "we.ird", name: "t\nt" });
    assert.equal(parseQualified("users"), undefined);
  });

  it("writes a setting as it was: lists name by name, values as one text", () => {
    assert.equal(settingClause("work_mem=8MB"), `SET "work_mem" TO '8MB'`);
    assert.equal(settingClause("app.greeting=it's, well"), `SET "app"."greeting" TO 'it''s, well'`);
    assert.equal(settingClause('search_path="$user", public, "a, ""b"'), `SET "search_path" TO '$user', 'public', 'a, "b'`);
    assert.equal(settingClause("search_path="), `SET "search_path" TO ''`);
  });
});
