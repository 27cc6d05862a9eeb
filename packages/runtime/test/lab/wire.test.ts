// Logging in to real servers in every way they ask for.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { need } from "../../../aplomo/test/support/need.ts";
import { binaries, startPostgres } from "../../../aplomo/test/support/postgres.ts";
import { connectDatabase } from "../../src/wire/connect.ts";
import { answerChallenge } from "../../src/wire/mysql-auth.ts";
import { makeCertificate } from "../support/certificate.ts";
import { startMariadb } from "../support/mariadb.ts";
import { bench, hasProgram, mariadb } from "../support/places.ts";
import { freePort } from "../support/server.ts";

const password = "pä%ss wörd";

async function ask(url: string, sql = "SELECT 'ä', NULL, 42"): Promise<(string | null)[][]> {
  const session = await connectDatabase(url);
  assert.ok(session);
  try {
    return await session.query(sql);
  } finally {
    session.close();
    await session.ended;
  }
}

describe(
  "PostgreSQL",
  { skip: need(binaries !== undefined && hasProgram("openssl"), "no PostgreSQL server binaries, or no openssl") },
  () => {
    test("scram-sha-256, md5, a plain password, TLS, errors and several rows", async (t) => {
      const port = await freePort();
      const { folder, key, cert } = makeCertificate();
      const hba = join(folder, "hba");
      writeFileSync(
        hba,
        ["scram-sha-256", "md5", "password", "trust"]
          .map(
            (way) =>
              `${way === "trust" ? "local all" : "host all"} ${way === "trust" ? "all" : `u_${way.replace(/-.*/, "")} 127.0.0.1/32`} ${way}`,
          )
          .join("\n") + "\n",
      );
      const cluster = await startPostgres({
        listen_addresses: "127.0.0.1",
        port: String(port),
        hba_file: hba,
        ssl: "on",
        ssl_cert_file: cert,
        ssl_key_file: key,
      });
      t.after(async () => {
        await cluster.stop();
        rmSync(folder, { recursive: true, force: true });
      });
      const sql = (text: string): Promise<string> => cluster.client("psql", "-X", "-q", "-p", String(port), "-d", "postgres", "-c", text);
      await sql(
        `SET password_encryption = 'scram-sha-256'; CREATE ROLE u_scram LOGIN PASSWORD '${password}'; CREATE ROLE u_password LOGIN PASSWORD '${password}'`,
      );
      await sql(`SET password_encryption = 'md5'; CREATE ROLE u_md5 LOGIN PASSWORD '${password}'`);
      const url = (user: string, mode: string, word = password): string =>
        `postgres://${user}:${encodeURIComponent(word)}@127.0.0.1:${port}/postgres?sslmode=${mode}`;
      for (const user of ["u_scram", "u_md5", "u_password"]) {
        for (const mode of ["disable", "prefer", "require"])
          assert.deepEqual(await ask(url(user, mode)), [["ä", null, "42"]], `${user} ${mode}`);
        await assert.rejects(ask(url(user, "disable", "wrong")), { name: "DatabaseError", code: "28P01" });
      }
      assert.deepEqual(await ask(url("u_scram", "require"), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), [["t"]]);
      await assert.rejects(ask(url("u_scram", "verify-full")), /self-signed/);
      await assert.rejects(ask(url("u_scram", "disable"), "SELECT nothing"), { code: "42703" });
      assert.equal((await ask(url("u_scram", "disable"), "SELECT repeat('x', 1000) FROM generate_series(1, 2000)")).length, 2_000);
    });
  },
);

describe("MariaDB", { skip: need(mariadb !== undefined && hasProgram("openssl"), "no MariaDB, or no openssl") }, () => {
  test("native passwords, TLS, errors and long values", async (t) => {
    const { folder, key, cert } = makeCertificate();
    const maria = await startMariadb([`--ssl-cert=${cert}`, `--ssl-key=${key}`]);
    t.after(async () => {
      await maria.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    for (const mode of ["DISABLED", "PREFERRED", "REQUIRED"])
      assert.deepEqual(await ask(`${maria.url}?ssl-mode=${mode}`), [["ä", null, "42"]], mode);
    const [cipher] = await ask(`${maria.url}?ssl-mode=REQUIRED`, "SHOW STATUS LIKE 'Ssl_cipher'");
    assert.match(cipher?.[1] ?? "", /TLS_/);
    await assert.rejects(ask(`${maria.url}?sslaccept=strict`), /self-signed/);
    await assert.rejects(ask(maria.url.replace("p%40ss", "wrong")), { name: "DatabaseError", code: "1045" });
    await assert.rejects(ask(maria.url, "SELECT nothing"), { code: "1054" });
    for (const length of [250, 251, 70_000])
      assert.equal((await ask(maria.url, `SELECT repeat('x', ${length}) UNION ALL SELECT 'y'`))[0]?.[0]?.length, length);
    assert.deepEqual(await ask(maria.url, "SET @a = 1"), []);
  });

  test(
    "MySQL 8's caching_sha2_password is answered as mysql2 answers it",
    { skip: need(bench !== undefined, "packages/runtime/test/install.sh was not run") },
    () => {
      // By its path: the package does not export it.
      const path = join(bench ?? "", "node_modules/mysql2/lib/auth_plugins/caching_sha2_password.js");
      const { calculateToken } = createRequire(path)(path) as { calculateToken: (word: string, challenge: Buffer) => Buffer };
      const challenge = Buffer.from("0123456789abcdefghij");
      assert.deepEqual(answerChallenge("caching_sha2_password", password, challenge), calculateToken(password, challenge));
    },
  );
});
