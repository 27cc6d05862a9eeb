import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { Secret } from "../../../src/base/secret.ts";
import { canonicalExpression } from "../../../src/databases/postgres/canonical.ts";
import { dumpCommand, loadCommand, psqlCommand, type Client } from "../../../src/databases/postgres/client.ts";
import { suffix } from "../../../src/databases/names.ts";
import { createStatement } from "../../../src/databases/postgres/scratch.ts";
import { serverMessage } from "../../../src/databases/postgres/session.ts";
import { chooseTools, refuseOlder, toolVersion } from "../../../src/databases/postgres/tools.ts";
import { parseUrl } from "../../../src/databases/postgres/url.ts";
import { isFresh } from "../../../src/databases/postgres/written.ts";

const inside: Client = {
  where: "container c",
  container: "0123",
  inside: true,
  bin: null,
  database: "app",
  user: "me",
  env: { PGPASSWORD: new Secret("hush") },
};
const outside: Client = {
  ...inside,
  container: null,
  inside: false,
  bin: "/usr/lib/postgresql/15/bin",
  env: { PGHOST: "h", PGPASSWORD: new Secret("hush") },
};

describe("client programs", () => {
  it("run inside the container, passwords by name only", () => {
    const { argv, env } = dumpCommand(inside, "0003-1", "aplomo_1");
    const pass = ["docker", "exec", "-i", "-e", "PGPASSWORD", "-e", "PGAPPNAME", "0123", "pg_dump", "-U", "me"];
    assert.deepEqual(argv, [...pass, "-w", "--format=plain", "--snapshot=0003-1", "--lock-wait-timeout=2000", "-d", "app"]);
    assert.equal(env?.["PGAPPNAME"], "aplomo_1");
    assert.ok(!inspect(dumpCommand(inside, "1", "a"), { depth: 9 }).includes("hush"));
  });

  it("run from their folder with libpq's variables", () => {
    const { argv, env } = psqlCommand(outside, "app");
    assert.equal(argv[0], "/usr/lib/postgresql/15/bin/psql");
    assert.equal(env?.["PGHOST"], "h");
    assert.ok(!argv.join(" ").includes("hush"));
    assert.deepEqual(loadCommand(outside, "aplomo_x").argv.slice(-4), ["-d", "aplomo_x", "-o", "/dev/null"]);
  });

  it("are those of the server's version, or the next newer", () => {
    const tools = [13, 15, 17].map((major) => ({ bin: null, where: "", major, version: `${major}.1` }));
    assert.equal(chooseTools(tools, 15)?.major, 15);
    assert.equal(chooseTools(tools, 16)?.major, 17);
    assert.equal(chooseTools(tools, 18), undefined);
    assert.deepEqual(toolVersion("pg_dump (PostgreSQL) 15.18 (Debian 15.18-1)\n"), { version: "15.18", major: 15 });
    assert.equal(toolVersion("pg_dump: not found"), undefined);
  });

  it("are refused when they are older than the server, with what to install", () => {
    refuseOlder("app", "16.2", 16, "17.0", 17, "PATH");
    assert.throws(() => refuseOlder("app", "16.2", 16, "15.1", 15, "PATH"), {
      message: /15\.1 in PATH is older than the server, PostgreSQL 16\.2/,
      hint: /postgresql-client-16/,
    });
  });
});

describe("a database's URL", () => {
  it("is read as libpq's variables", () => {
    const { database, user, env } = parseUrl(
      "postgresql+psycopg2://me:p%40ss@db.example:6432/my%20app?sslmode=require&schema=public",
      "app",
    );
    assert.deepEqual([database, user], ["my app", "me"]);
    assert.equal((env["PGPASSWORD"] as Secret).reveal(), "p@ss");
    assert.deepEqual(
      { ...env, PGPASSWORD: "" },
      { PGHOST: "db.example", PGPORT: "6432", PGUSER: "me", PGPASSWORD: "", PGSSLMODE: "require" },
    );
  });

  it("may name a socket's folder, port 80, an IPv6 address", () => {
    assert.deepEqual(parseUrl("postgres:///app?host=/run/pg", "app").env, { PGHOST: "/run/pg" });
    assert.deepEqual(parseUrl("postgres://me@/app?host=%2Frun%2Fpg", "app").env, { PGHOST: "/run/pg", PGUSER: "me" });
    assert.equal(parseUrl("postgres://h:80/app", "app").env["PGPORT"], "80");
    assert.deepEqual(parseUrl("postgres://[::1]/app", "app").env, { PGHOST: "::1", PGPORT: "5432" });
  });

  it("is never shown when it is wrong", () => {
    for (const url of ["mysql://me:hush@h/app", "postgres://me:hush@h", "postgres://me:hush/x@h/app", "hush"]) {
      assert.throws(
        () => parseUrl(url, "app"),
        (error: Error) => /url of database app/.test(error.message) && !inspect(error).includes("hush"),
      );
    }
  });
});

describe("what the server writes", () => {
  it("is one form for arrays of casts, however it came to be", () => {
    const made = "CHECK (((s)::text = ANY ((ARRAY['a, ('::character varying, 'it''s]'::character varying(9)])::text[])))";
    const restored = "CHECK (((s)::text = ANY (ARRAY[('a, ('::character varying)::text, ('it''s]'::character varying(9))::text])))";
    assert.equal(canonicalExpression(made), restored);
    assert.equal(canonicalExpression(restored), restored);
    for (const other of ["(ARRAY[1, 2])[1]", "x = '(ARRAY['", "(a + b) * c", "(ARRAY["]) assert.equal(canonicalExpression(other), other);
  });

  it("is told without psql's position", () => {
    assert.equal(
      serverMessage('psql:<stdin>:12: ERROR:  relation "x" does not exist\nLINE 1: SELECT\n'),
      'ERROR:  relation "x" does not exist\nLINE 1: SELECT',
    );
    assert.match(serverMessage("psql: error: connection to server failed: no password supplied"), /^error: connection.*no password/);
    assert.match(serverMessage(""), /without a word/);
  });
});

describe("scratch databases", () => {
  const like = { owner: "Me", encoding_name: "UTF8", tablespace: "pg_default", datcollate: "C.UTF-8", datctype: "C.UTF-8" };
  it("are like the live one, whatever the server's version", () => {
    const made = createStatement("aplomo_x", like);
    assert.match(
      made,
      /^CREATE DATABASE "aplomo_x" TEMPLATE template0 OWNER "Me" ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';$/,
    );
    assert.match(createStatement("a", { ...like, tablespace: "fast disk" }), /TABLESPACE "fast disk";$/);
    assert.match(createStatement("a", { ...like, datlocprovider: "i", daticulocale: "es-MX" }), /LOCALE_PROVIDER icu ICU_LOCALE 'es-MX';$/);
    assert.match(
      createStatement("a", { ...like, datlocprovider: "b", datlocale: "C.UTF-8" }),
      /LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';$/,
    );
  });

  it("of different databases never have the same name", () => {
    assert.notEqual(suffix("a", "bc"), suffix("ab", "c"));
  });
});

describe("rows written since a mark", () => {
  /** The condition, evaluated as the server does. */
  function fresh(next: bigint, since: bigint, xmin: bigint): boolean {
    const match = /\((\d+) - .* \+ (\d+)\) % \d+ BETWEEN 1 AND (\d+)/.exec(isFresh(next, since));
    if (!match) return true;
    const distance = (BigInt(match[1] ?? 0) - xmin + BigInt(match[2] ?? 0)) % 2n ** 32n;
    return xmin >= 3n && distance >= 1n && distance <= BigInt(match[3] ?? 0);
  }

  it("are those with a transaction number from the mark on, also across the end of 32 bits", () => {
    assert.equal(fresh(1000n, 900n, 899n), false);
    assert.equal(fresh(1000n, 900n, 900n), true);
    assert.equal(fresh(1000n, 900n, 999n), true);
    assert.equal(fresh(1000n, 1000n, 999n), false);
    const era = 5n * 2n ** 32n;
    assert.equal(fresh(era + 50n, era - 50n, 2n ** 32n - 50n), true);
    assert.equal(fresh(era + 50n, era - 50n, 2n ** 32n - 51n), false);
    assert.equal(fresh(era + 50n, era - 50n, 49n), true);
    // The server's own.
    assert.equal(fresh(era + 50n, era - 50n, 2n), false);
    assert.equal(isFresh(2n ** 33n, 5n), "true");
  });
});
