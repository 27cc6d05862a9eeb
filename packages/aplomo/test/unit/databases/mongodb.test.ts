import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BSON, type Document } from "mongodb";
import { Secret } from "../../../src/base/secret.ts";
import type { DumpContent } from "../../../src/databases/contract.ts";
import { kindOf } from "../../../src/databases/formats.ts";
import { dumpCommand, loadCommand, toolMessage, type Client } from "../../../src/databases/mongodb/client.ts";
import { ArchiveReader } from "../../../src/databases/mongodb/reader.ts";
import { toolVersion } from "../../../src/databases/mongodb/tools.ts";
import { parseUrl, uriOf } from "../../../src/databases/mongodb/url.ts";

const end = Buffer.from([0xff, 0xff, 0xff, 0xff]);
const magic = Buffer.from([0x6d, 0xe2, 0x99, 0x81]);
const block = (...documents: Document[]): Buffer => Buffer.concat([...documents.map((one) => BSON.serialize(one)), end]);
const described = (collection: string, type = "collection"): Document => ({ db: "app", collection, metadata: "{}", size: 0, type });
const header = (collection: string, last = false): Document => ({
  db: "app",
  collection,
  EOF: last,
  CRC: BSON.Long.fromString(last ? "17576987654321" : "0"),
});
const prelude = (...all: Document[]): Buffer => Buffer.concat([magic, block({ concurrent_collections: 4, version: "0.1" }, ...all)]);

const archive = Buffer.concat([
  prelude(described("people"), described("none"), described("report", "view")),
  block(header("people"), { _id: 1, db: "x", collection: "none", EOF: true }, { _id: 2 }),
  block(header("none")),
  block(header("none", true)),
  block(header("people"), { _id: 3 }),
  block(header("people", true)),
]);

function read(bytes: Buffer, size: number): DumpContent {
  const reader = new ArchiveReader();
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  return reader.end();
}

describe("an archive of mongodump", () => {
  it("is counted by collection, in chunks of any size", () => {
    for (const size of [1, 2, 3, 5, 7, 64, archive.length])
      assert.deepEqual(read(archive, size), { complete: true, counts: { people: 3, none: 0 } }, `in chunks of ${size}`);
  });

  it("of nothing is whole", () => assert.deepEqual(read(prelude(), 9), { complete: true, counts: {} }));

  it("that was cut anywhere is known", () => {
    for (let length = 0; length < archive.length; length += 1)
      assert.notEqual(read(archive.subarray(0, length), 64).complete, true, `${length} of ${archive.length}`);
  });

  it("that is damaged, or none at all, is known", () => {
    const longer = Buffer.from(archive);
    longer.writeUInt32LE(0x7fffffff, 4);
    assert.match(String(read(longer, 64).complete), /damaged/);
    assert.match(String(read(Buffer.from("CREATE TABLE people (id int);"), 64).complete), /no archive of mongodump/);
    assert.match(String(read(Buffer.concat([archive, end]), 64).complete), /no header/);
  });

  it("gives each document's bytes", () => {
    const seen: [string, Document][] = [];
    new ArchiveReader((collection, document) => void seen.push([collection, BSON.deserialize(document)])).write(archive);
    assert.deepEqual(
      seen.map(([collection, document]) => [collection, document["_id"] as number]),
      [
        ["people", 1],
        ["people", 2],
        ["people", 3],
      ],
    );
  });

  it("is known by its first bytes", () => assert.deepEqual(kindOf(archive), { format: "archive", engine: "mongodb" }));
});

describe("a MongoDB URL", () => {
  const cases: [string, string, string][] = [
    ["mongodb://h/app", "mongodb://h/", "app"],
    ["mongodb://u:p%40@h:27018/app", "mongodb://u:p%40@h:27018/?authSource=app", "app"],
    ["mongodb://u:p@h/app?authSource=admin&tls=true", "mongodb://u:p@h/?authSource=admin&tls=true", "app"],
    ["mongodb://u:p@a:1,b:2/app%20x?replicaSet=rs", "mongodb://u:p@a:1,b:2/?replicaSet=rs&authSource=app%20x", "app x"],
    ["mongodb+srv://u:p@cluster.example/app?w=majority", "mongodb+srv://u:p@cluster.example/?w=majority", "app"],
  ];
  for (const [url, uri, database] of cases) {
    it(`${url} is read`, () => {
      const found = parseUrl(url, "main");
      assert.deepEqual([found.uri.reveal(), found.database], [uri, database]);
    });
  }

  for (const url of ["mongodb://h", "mongodb://h/", "postgres://h/app", "mongodb://u:secret@h/?tls=true"]) {
    it(`${url} is refused, and not shown`, () =>
      assert.throws(
        () => parseUrl(url, "main"),
        (error: Error) => !error.message.includes("secret"),
      ));
  }

  it("is made of any password", () => {
    const uri = uriOf("172.18.0.2", { user: "root", password: new Secret('p@ss/w"o rd:#') });
    assert.equal(new URL(uri.reveal()).password, encodeURIComponent('p@ss/w"o rd:#'));
    assert.equal(uriOf("h", null).reveal(), "mongodb://h:27017/?directConnection=true");
  });
});

describe("MongoDB's programs", () => {
  const client = (container: string | null): Client => ({
    where: "PATH",
    container,
    tools: "100.9.5",
    database: "app",
    uri: new Secret("mongodb://u:s3cret@h/"),
    toolUri: new Secret("mongodb://u:s3cret@127.0.0.1/"),
  });

  it("get the address by a pipe, and no value in an argument list", () => {
    for (const container of [null, "c0ffee"]) {
      const commands = [dumpCommand(client(container), "app", { names: ["it's"] }), loadCommand(client(container), "copy", "new_")];
      for (const { argv, env } of commands) {
        assert.doesNotMatch(argv.join(" "), /s3cret|it's"/);
        const config = env?.["APLOMO_MONGODB"];
        assert.ok(config instanceof Secret);
        assert.equal(config.reveal(), 'uri: "mongodb://u:s3cret@127.0.0.1/"');
      }
    }
  });

  it("load what the renaming matches, and nothing else", () => {
    const { argv } = loadCommand(client(null), "copy", "new_");
    assert.deepEqual(argv.slice(-3), ["--nsInclude=*.*", "--nsFrom=$db$.$name$", "--nsTo=copy.new_$name$"]);
  });

  it("tell their version and why they failed", () => {
    assert.equal(toolVersion("mongodump version: 100.9.5\ngit version: x"), "100.9.5");
    assert.equal(toolVersion("mongodump version: r4.0.28\n"), "4.0.28");
    assert.equal(toolVersion("command not found"), undefined);
    const said =
      "2026-11-29T14:43:47.125+0000\tFailed: app.x: error creating indexes\n2026-11-29T14:43:47.125+0000\t8 document(s) restored\n";
    assert.equal(toolMessage(said), "Failed: app.x: error creating indexes");
  });
});
