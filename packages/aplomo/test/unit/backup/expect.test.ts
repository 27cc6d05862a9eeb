import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { differing, readExpected } from "../../../src/backup/expect.ts";
import { withFiles } from "../config/folder.ts";

it("counts come from the command line, from files of lines, from JSON and from a manifest", async () => {
  const files = {
    "a.txt": "# of today\nusers = 8\n\naudit.log=0\n",
    "b.json": '{ "pets": 2 }',
    "c.manifest.json": '{ "format": "aplomo-backup", "version": 1, "rows": { "snapshot": { "kpis": 7320 } } }',
    "bad.json": '{ "pets": "2" }',
    "bad.txt": "users 8\n",
    "empty.txt": "# nothing\n",
  };
  await withFiles(files, async (folder) => {
    const at = (name: string): string => join(folder, name);
    assert.deepEqual(await readExpected(["x=1", at("a.txt"), at("b.json"), at("c.manifest.json")]), {
      x: 1,
      users: 8,
      "audit.log": 0,
      pets: 2,
      kpis: 7320,
    });
    for (const wrong of [at("bad.json"), at("bad.txt"), at("empty.txt"), at("absent"), "x=-1", "x=1.5", "=3", "x"])
      await assert.rejects(readExpected([wrong]), { name: "UsageError" }, wrong);
  });
});

it("what differs is told with both numbers, and a table with or without its schema is the same", () => {
  const found = { users: 8, "audit.log": 3 };
  assert.deepEqual(differing({ users: 8, log: 3, "public.users": 8 }, found), []);
  assert.deepEqual(differing({ users: 9, pets: 1 }, found), [
    "users: 9 rows expected, 8 came",
    "pets: 1 row expected, and there is no such table",
  ]);
});
