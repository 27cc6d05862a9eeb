import { spoken } from "../voices.ts";

export const schemaBehind = spoken({
  id: "schema-behind",
  title: "the code expects a table or column that the database lacks",
  why: "A migration was not run, failed while the start went on (I17), or the database was changed by hand: some requests work, others fail (I1).",
  next: "`aplomo deploy --migrate` runs the migration even though its files are known; name it under `migrate` in aplomo.yml so that a release never starts without it.",
  alsoWell: true,
  patterns: [
    /column "?([\w.]+)"? (?:of relation "?\w+"? )?does not exist/,
    /relation "([\w.]+)" does not exist/,
    /Unknown column '([\w.]+)'/,
    /Table '([\w.]+)' doesn't exist/,
    /no such (?:table|column): ([\w.]+)/,
    /The (?:table|column) `?([\w.]+)`? does not exist in the current database/,
  ],
  tell: ([, name]) => ({ message: `the database has no ${name}` }),
});
