import { unique, type Bench, type Dialect } from "../contract/database.suite.ts";
import { mariadbBench, mariadbDialect } from "./mariadb-bench.ts";
import type { Server } from "./sql.ts";

/** It has no blocks outside of a procedure. */
const writing = `CREATE PROCEDURE IF NOT EXISTS writing() BEGIN WHILE 1 DO
  INSERT IGNORE INTO busy VALUES (FLOOR(RAND() * 1e9), 'x');
  IF RAND() < 0.3 THEN DELETE FROM busy LIMIT 1; END IF;
END WHILE; END//
CALL writing()//`;

export const mysqlBench = (server: Server): Promise<Bench & { live: string }> => mariadbBench(server, unique("app"), writing);

const { objects, schemaChanges, sequences: _, ...same } = mariadbDialect;
const { "a sequence": __, "an engine": ___, ...changes } = schemaChanges;

/** MariaDB's without what MySQL does not know: sequences, addresses and UUIDs as types, Aria. */
export const mysqlDialect: Dialect = {
  ...same,
  everyType: same.everyType
    .replace(", x uuid, y inet6", "")
    .replace(", cc inet4", "")
    .replace("'00000000-0000-0000-0000-000000000000', '::1', ", "")
    .replace(", '10.0.0.1'", "")
    .replace("-838:59:59.999999", "-838:59:59.000000"),
  objects: objects
    .replace(" CREATE TABLE cache (k int) ENGINE = Aria;", "")
    .replace("CREATE SEQUENCE tickets START WITH 5; SELECT NEXTVAL(tickets);", ""),
  sequences: { sql: "INSERT INTO pets (id, owner, name) VALUES (41, 1, 'c');", expected: { pets: "42" } },
  // It changes no column of a foreign key.
  schemaChanges: { ...changes, "NOT NULL": "ALTER TABLE events MODIFY n int NOT NULL;" },
};
