import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { splitStatements } from "../../../src/databases/statements.ts";

const cases: { name: string; text: string; dialect: "standard" | "mysql"; statements: string[] }[] = [
  { name: "one without an end", text: "SELECT 1", dialect: "standard", statements: ["SELECT 1"] },
  { name: "comments and blanks are none", text: "-- a;\n/* b; */ ;\n;", dialect: "standard", statements: [] },
  {
    name: "semicolons in quotes",
    text: `SELECT ';', ";"; SELECT 'it''s;'`,
    dialect: "standard",
    statements: [`SELECT ';', ";"`, "SELECT 'it''s;'"],
  },
  {
    name: "a function's body",
    text: "CREATE FUNCTION f() RETURNS int AS $x$ SELECT 1; $$ ; $x$ LANGUAGE sql; SELECT $1;",
    dialect: "standard",
    statements: ["CREATE FUNCTION f() RETURNS int AS $x$ SELECT 1; $$ ; $x$ LANGUAGE sql", "SELECT $1"],
  },
  {
    name: "a backslash is a letter",
    text: String.raw`SELECT '\'; SELECT 2`,
    dialect: "standard",
    statements: [String.raw`SELECT '\'`, "SELECT 2"],
  },
  {
    name: "and escapes after E",
    text: String.raw`SELECT E'\';'; SELECT 2`,
    dialect: "standard",
    statements: [String.raw`SELECT E'\';'`, "SELECT 2"],
  },
  {
    name: "comments within comments",
    text: "/* a /* b */ ; */ SELECT 1; SELECT 2",
    dialect: "standard",
    statements: ["/* a /* b */ ; */ SELECT 1", "SELECT 2"],
  },
  {
    name: "MySQL's backslash and comments",
    text: "SELECT '\\';'; # c;\nSELECT `;`",
    dialect: "mysql",
    statements: ["SELECT '\\';'", "# c;\nSELECT `;`"],
  },
  {
    name: "what MySQL reads in a comment",
    text: "/*!40101 SET x = 1 */; /* no */;",
    dialect: "mysql",
    statements: ["/*!40101 SET x = 1 */"],
  },
  {
    name: "two hyphens that are no comment to MySQL",
    text: "SELECT 5--3; SELECT 1 -- c;\n;",
    dialect: "mysql",
    statements: ["SELECT 5--3", "SELECT 1 -- c;"],
  },
  {
    name: "DELIMITER",
    text: "SELECT 1;\nDELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END//\ndelimiter ;\nSELECT 2;",
    dialect: "mysql",
    statements: ["SELECT 1", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END", "SELECT 2"],
  },
];

describe("statements of a text", () => {
  for (const { name, text, dialect, statements } of cases) it(name, () => assert.deepEqual(splitStatements(text, dialect), statements));
});
