import assert from "node:assert/strict";
import { test } from "node:test";
import { isWhole, isWholeWrite, takesItselfBack } from "../../../src/migrations/whole.ts";

test("one statement that the server does as a whole or not at all", () => {
  for (const text of [
    "ALTER TABLE users ADD COLUMN a int, ADD INDEX (a);",
    "# why\n/* and how */ -- so\ncreate unique index one on users (a)",
    "CREATE TABLE pets (id int PRIMARY KEY);\n\n",
    "UPDATE users SET a = 1 WHERE b = ';'",
    "INSERT INTO pets SELECT id FROM users",
  ])
    assert.equal(isWhole(text), true, text);
  assert.equal(isWholeWrite("/* x */ DELETE FROM users;"), true);
  assert.equal(isWholeWrite("ALTER TABLE users ADD a int"), false);
});

test("anything else is not relied on", () => {
  for (const text of [
    "",
    "ALTER TABLE users ADD a int; ALTER TABLE users ADD b int;",
    "CREATE TABLE copy AS SELECT * FROM users",
    "CREATE OR REPLACE TABLE users (id int)",
    "ALTER TABLE log REORGANIZE PARTITION p1 INTO (PARTITION p2 VALUES LESS THAN (9))",
    "CALL rebuild()",
    "RENAME TABLE a TO b, c TO d",
    "DROP TABLE a, b",
    "DELIMITER //\nBEGIN NOT ATOMIC UPDATE a SET b = 1; UPDATE c SET d = 1; END//",
    "/*!50000 ALTER TABLE users ADD a int */",
  ])
    assert.equal(isWhole(text), false, text);
});

test("a file outside of a transaction is taken back, or harmless, only when it is one statement or what cannot be in one", () => {
  const outside = (sql: string): boolean => takesItselfBack(`-- no transaction\n${sql}`);
  assert.equal(takesItselfBack("ALTER TABLE a ADD b int; ALTER TABLE a DROP c;"), true);
  assert.equal(
    outside("CREATE INDEX CONCURRENTLY one ON a (b); -- and\nDROP INDEX CONCURRENTLY two; ALTER TYPE mood ADD VALUE 'glad';"),
    true,
  );
  assert.equal(outside("ALTER TABLE a ADD b int;"), true);
  assert.equal(outside("ALTER TABLE a ADD b int; CREATE INDEX CONCURRENTLY one ON a (b);"), false);
});
