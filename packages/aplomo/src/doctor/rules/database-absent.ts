import { spoken } from "../voices.ts";

export const databaseAbsent = spoken({
  id: "database-absent",
  title: "the database server has no database of that name",
  why: "POSTGRES_DB and MARIADB_DATABASE make one only when the data is new; with an older volume, or after a restore under another name, there is none.",
  next: "Correct the name in the URL; or make it, and restore: `aplomo backup restore latest`.",
  alsoWell: true,
  patterns: [/database "([\w-]+)" does not exist/, /Unknown database '([\w-]+)'/, /Database `?([\w-]+)`? does not exist/],
  tell: ([, name]) => ({ message: `there is no database ${name}` }),
});
