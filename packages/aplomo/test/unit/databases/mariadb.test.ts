import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Secret } from "../../../src/base/secret.ts";
import type { DumpContent } from "../../../src/databases/contract.ts";
import { clientCommand, dumpCommand, dumpOptions, type Client } from "../../../src/databases/mariadb/client.ts";
import { literal } from "../../../src/databases/mariadb/quote.ts";
import { InsertReader } from "../../../src/databases/mariadb/reader.ts";
import { unqualified } from "../../../src/databases/mariadb/schema.ts";
import { serverMessage } from "../../../src/databases/mariadb/session.ts";
import { refuseOthers, sameSeries, serverVersion, toolVersion } from "../../../src/databases/mariadb/tools.ts";
import { parseUrl } from "../../../src/databases/mariadb/url.ts";

function read(text: string, size: number): DumpContent {
  const reader = new InsertReader();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
  return reader.end();
}

/** In chunks of every size: no border may matter. */
function readAll(text: string): DumpContent {
  const first = read(text, text.length * 4);
  for (const size of [1, 2, 3, 5, 7, 64]) assert.deepEqual(read(text, size), first, `in chunks of ${size}`);
  return first;
}

const table = (name: string, inserts: string, counter = ""): string => `--
-- Table structure for table ${name}
--

CREATE TABLE \`${name}\` (
  \`id\` int(11) NOT NULL COMMENT ') AUTO_INCREMENT=99'
) ENGINE=InnoDB${counter} DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=7';

--
-- Dumping data for table ${name}
--

LOCK TABLES \`${name}\` WRITE;
/*!40000 ALTER TABLE \`${name}\` DISABLE KEYS */;
${inserts}/*!40000 ALTER TABLE \`${name}\` ENABLE KEYS */;
UNLOCK TABLES;
`;
const end = "/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;\n\n-- Dump completed on 2026-11-22 10:00:00\n";

describe("InsertReader", () => {
  it("counts rows as MariaDB writes them, one a line, and as MySQL does, all in one", () => {
    const one = table("a", "INSERT INTO `a` VALUES\n(1,'x'),\n(2,'it\\'s (x),(y)\\n;'),\n(3,NULL);\nINSERT INTO `a` VALUES\n(4,'');\n");
    const other = table("b`c", "INSERT INTO `b``c` (`id`, `n`) VALUES (1,_binary '),(\\\\'),(2,'''),('),(3,0x2C28);\n").replaceAll(
      "`b`c`",
      "`b``c`",
    );
    const { complete, counts } = readAll(one + other + table("none", "") + end);
    assert.deepEqual([complete, counts], [true, { a: 4, "b`c": 3, none: 0 }]);
  });

  it("is not led astray by bodies of triggers and routines", () => {
    const body = "DELIMITER ;;\nLOCK TABLES `x` WRITE;\nINSERT INTO `x` VALUES (1),(2);\n-- Dump completed\nDELIMITER ;\n";
    assert.deepEqual(readAll(table("a", "INSERT INTO `a` VALUES\n(1);\n") + body + end).counts, { a: 1 });
    assert.notEqual(readAll(table("a", "") + body).complete, true);
  });

  it("reads what sequences and counters are set to", () => {
    const sequence = "CREATE SEQUENCE `tickets` start with 5 cache 1000 nocycle ENGINE=InnoDB;\nDO SETVAL(`tickets`, 1005, 0);\n";
    const text = sequence + table("a", "", " AUTO_INCREMENT=42") + table("b", "") + end;
    assert.deepEqual(readAll(text).sequences, { tickets: "1005", a: "42" });
  });

  it("tells a dump that ends too early", () => {
    const whole = table("a", "INSERT INTO `a` VALUES\n(1,'-- Dump completed'),\n(2,'x');\n") + end;
    for (let at = 0; at < whole.length - 25; at += 1) assert.notEqual(read(whole.slice(0, at), 1 << 20).complete, true, `cut at ${at}`);
  });
});

const client = (flavour: "mariadb" | "mysql", container: string | null, url: string): Client => ({
  where: "",
  container,
  inside: container !== null,
  tools: { client: flavour, dump: `${flavour}dump`, flavour, version: "10.11.1" },
  address: parseUrl(url, "app"),
});

describe("commands for MariaDB's programs", () => {
  const secret = "p\"w\\d # 'x";
  const url = `mysql://me:${encodeURIComponent(secret)}@db.example:3307/app?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/ca.pem`;

  it("never hold the password in an argument", () => {
    for (const container of [null, "0123"]) {
      const commands = [
        clientCommand(client("mariadb", container, url), "app"),
        dumpCommand(client("mariadb", container, url), "/tmp/gate"),
      ];
      for (const { argv } of commands) assert.doesNotMatch(argv.join(" "), /p"w/);
    }
    assert.ok(clientCommand(client("mariadb", "0123", url), "app").argv.includes("MYSQL_PWD"));
    assert.deepEqual(clientCommand(client("mariadb", null, url), "app").env, { MYSQL_PWD: new Secret(secret) });
  });

  it("give the dump its options as a file holds them", () => {
    const text = dumpOptions(client("mariadb", null, url));
    assert.match(text, /^host="db\.example"$/m);
    assert.match(text, /^password="p\\"w\\\\d # 'x"$/m);
    assert.match(text, /^ssl-verify-server-cert$/m);
    assert.match(dumpOptions(client("mysql", null, url)), /^ssl-mode="VERIFY_IDENTITY"$/m);
  });

  it("go by TCP to localhost, as an application's driver does", () => {
    assert.ok(clientCommand(client("mariadb", null, "mariadb://me@localhost/app"), null).argv.includes("--protocol=tcp"));
    assert.ok(
      clientCommand(client("mariadb", null, "mysql+pymysql://me@x/app?unix_socket=/run/db.sock"), null).argv.includes(
        "--socket=/run/db.sock",
      ),
    );
  });

  it("refuse a URL that is none, without showing it", () => {
    for (const wrong of ["postgres://u:hush@h/n", "mysql://u:hush@h", "mysql://u:hush@h/a/b", "mysql://u:hu/sh@h/n"]) {
      assert.throws(
        () => parseUrl(wrong, "app"),
        (error: Error) => !error.message.includes("hush"),
        wrong,
      );
    }
  });
});

describe("versions", () => {
  it("are read as each program says them", () => {
    const said: [string, string][] = [
      ["mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)", "mariadb 10.11.19"],
      ["mariadb-dump from 11.4.2-MariaDB, client 10.19 for debian-linux-gnu (x86_64)", "mariadb 11.4.2"],
      ["mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", "mysql 8.0.36"],
      ["mysqldump  Ver 8.0.36-0ubuntu0.22.04.1 for Linux on x86_64 ((Ubuntu))", "mysql 8.0.36"],
      ["mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)", "mysql 5.7.44"],
    ];
    for (const [text, expected] of said) {
      const found = toolVersion(text);
      assert.equal(`${found?.flavour} ${found?.version}`, expected);
    }
    assert.equal(toolVersion("not found"), undefined);
    assert.deepEqual(serverVersion("5.5.5-10.11.19-MariaDB-0+deb12u1"), { flavour: "mariadb", version: "10.11.19" });
    assert.deepEqual(serverVersion("8.0.36"), { flavour: "mysql", version: "8.0.36" });
  });

  it("are refused when the tools are older, or of the other engine", () => {
    const tools = { client: "mariadb", dump: "mariadb-dump", flavour: "mariadb" as const, version: "10.11.19" };
    refuseOthers("app", { flavour: "mariadb", version: "10.11.2" }, tools, "PATH");
    refuseOthers("app", { flavour: "mariadb", version: "10.5.20" }, tools, "PATH");
    assert.throws(() => refuseOthers("app", { flavour: "mariadb", version: "11.4.2" }, tools, "PATH"), /older than the server, 11\.4\.2/);
    assert.throws(
      () => refuseOthers("app", { flavour: "mysql", version: "8.0.36" }, tools, "PATH"),
      /is of MariaDB 10\.11\.19, the server is MySQL/,
    );
  });

  it("of this machine serve a container only when they are of its series", () => {
    const tools = { client: "mariadb", dump: "mariadb-dump", flavour: "mariadb" as const, version: "10.11.19" };
    assert.ok(sameSeries({ flavour: "mariadb", version: "10.11.2" }, tools));
    assert.ok(!sameSeries({ flavour: "mariadb", version: "10.5.20" }, tools));
    assert.ok(!sameSeries({ flavour: "mariadb", version: "11.4.2" }, tools));
    assert.ok(!sameSeries({ flavour: "mysql", version: "10.11.19" }, tools));
  });
});

it("a view's own database is taken off its names, and out of no text", () => {
  const text = "select `a.b`.`t`.`x` AS `x`,'`a.b`.`t` it''s \\' `a.b`.`t`' AS `y`,`other`.`f`(`a.b`.`t`.`z`) AS `a.b` from `a.b`.`t`";
  assert.equal(
    unqualified(text, "a.b"),
    "select `t`.`x` AS `x`,'`a.b`.`t` it''s \\' `a.b`.`t`' AS `y`,`other`.`f`(`t`.`z`) AS `a.b` from `t`",
  );
});

describe("messages", () => {
  it("are the server's own, without the statement, which may hold data", () => {
    const said =
      "--------------\nINSERT INTO t VALUES ('a secret')\n--------------\n\nERROR 1146 (42S02) at line 3: Table 'app.t' doesn't exist\n";
    assert.equal(serverMessage(said), "Table 'app.t' doesn't exist (error 1146)");
    assert.equal(
      serverMessage("ERROR 2002 (HY000): Can't connect to server on 'x' (111)"),
      "Can't connect to server on 'x' (111) (error 2002)",
    );
    assert.match(serverMessage(""), /without a word/);
  });

  it("and texts are quoted so that nothing leaves them", () => {
    assert.equal(literal("it's \\'"), "'it\\'s \\\\\\''");
    assert.throws(() => literal("a\0b"));
  });
});
