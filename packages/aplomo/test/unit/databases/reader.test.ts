import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DumpContent } from "../../../src/databases/contract.ts";
import { CopyReader } from "../../../src/databases/postgres/reader.ts";
import { FileReader } from "../../../src/databases/sqlite/reader.ts";

const end = "--\n-- PostgreSQL database dump complete\n--\n\n";

function data(name: string, rows: string[], header = `COPY ${name} (id, name) FROM stdin;`): string {
  return `--\n-- Data for Name: x; Type: TABLE DATA; Schema: public; Owner: me\n--\n\n${header}\n${rows.map((row) => `${row}\n`).join("")}\\.\n\n\n`;
}

/** Reads in chunks of every given size: no border may matter. */
function read(text: string, size: number): DumpContent {
  const reader = new CopyReader();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  return reader.end();
}

function readAll(text: string): DumpContent {
  const first = read(text, text.length * 4);
  for (const size of [1, 2, 3, 5, 7, 64]) assert.deepEqual(read(text, size), first, `in chunks of ${size}`);
  return first;
}

describe("CopyReader", () => {
  it("counts rows by table, empty tables included", () => {
    const text = data("public.users", ["1\tAna", "2\tB\\nb", "\\N\t\\\\.", "\\.x\ty"]) + data("audit.log", []) + end;
    assert.deepEqual(readAll(text), { complete: true, counts: { users: 4, "audit.log": 0 }, sequences: {} });
  });

  it("counts empty lines: rows of a table without columns", () => {
    assert.deepEqual(readAll(data("public.none", ["", "", ""]) + end).counts, { none: 3 });
  });

  it("reads what sequences are set to, whatever their names", () => {
    const set = (text: string): string => `--\n-- Name: x; Type: SEQUENCE SET; Schema: public; Owner: me\n--\n\n${text}\n\n\n`;
    const text =
      set("SELECT pg_catalog.setval('public.users_id_seq', 9223372036854775807, true);") +
      set(`SELECT pg_catalog.setval('"we.ird"."it''s\nnew"', -5, false);`) +
      "CREATE FUNCTION f() AS $$\nSELECT pg_catalog.setval('public.other', 1, true);\n$$;\n";
    const expected = { users_id_seq: "9223372036854775807", '"we.ird".it\'s\nnew': "-5, not used yet" };
    assert.deepEqual(readAll(text + end).sequences, expected);
  });

  it("understands names with everything in them", () => {
    const text = data('public."a ""b"" (c).d\ne FROM stdin;"', ["1"]) + data('"año.x"."ñandú"', ["1", "2"]) + end;
    assert.deepEqual(readAll(text).counts, { '"a ""b"" (c).d\ne FROM stdin;"': 1, '"año.x".ñandú': 2 });
  });

  it("adds the parts of a partitioned table up, whatever the depth", () => {
    const attach = (part: string, of: string): string =>
      `ALTER TABLE ONLY public.${of} ATTACH PARTITION public.${part} FOR VALUES FROM (1) TO (2);\n`;
    const text =
      attach("m1", "m") + attach("m2", "m") + attach("m2a", "m2") + data("public.m1", ["1"]) + data("public.m2a", ["1", "2"]) + end;
    assert.deepEqual(readAll(text).counts, { m: 3 });
  });

  it("is not misled by a function whose text looks like a dump", () => {
    const body =
      "CREATE FUNCTION f() AS $$\nCOPY public.users (id) FROM stdin;\n-- PostgreSQL database dump complete\nALTER TABLE ONLY x\n$$;\n";
    assert.deepEqual(readAll(body + data("public.users", ["1"]) + end), { complete: true, counts: { users: 1 }, sequences: {} });
    assert.notEqual(readAll(body + data("public.users", ["1"])).complete, true);
  });

  it("says where a dump was cut", () => {
    const whole = data("public.users", ["1\ta", "2\tb"]) + end;
    assert.match(String(readAll(whole.slice(0, whole.indexOf("2\tb"))).complete), /within the rows of users/);
    assert.match(String(readAll(whole.slice(0, -end.length)).complete), /dump complete.*missing/);
    assert.notEqual(readAll("").complete, true);
    const restricted = `\\restrict abc\n\n${whole}\\unrestrict abc\n\n`;
    assert.equal(readAll(restricted).complete, true);
    assert.notEqual(readAll(restricted.slice(0, -4)).complete, true);
  });
});

describe("FileReader", () => {
  it("compares a file's length with its header", () => {
    const file = Buffer.alloc(3 * 4096);
    file.write("SQLite format 3\0", "latin1");
    file.writeUInt16BE(4096, 16);
    file.writeUInt32BE(3, 28);
    const whole = new FileReader();
    whole.write(file.subarray(0, 40));
    whole.write(file.subarray(40));
    assert.deepEqual(whole.end(), { complete: true, counts: null });
    const cut = new FileReader();
    cut.write(file.subarray(0, 4096));
    assert.match(String(cut.end().complete), /4096 of 12288 bytes/);
    assert.notEqual(new FileReader().end().complete, true);
  });
});
