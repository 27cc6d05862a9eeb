import { spoken } from "../voices.ts";

export const databaseLocked = spoken({
  id: "database-locked",
  title: "a lock in the database is not given up",
  why: "A transaction that is not ended, a migration beside the running application, or with SQLite two programs that write.",
  next: "End the transaction that holds it (PostgreSQL: pg_blocking_pids; MariaDB: SHOW PROCESSLIST); with SQLite set busy_timeout and the WAL mode.",
  alsoWell: true,
  patterns: [
    /database (?:table )?is locked/,
    /SQLITE_BUSY/,
    /Lock wait timeout exceeded/,
    /canceling statement due to lock timeout/,
    /deadlock detected|Deadlock found/,
  ],
  tell: () => ({ message: "it waits for a lock in the database" }),
});
