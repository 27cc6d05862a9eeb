import type { Talk } from "../session.ts";

/** The first statements of every session: nothing of a role's own settings may change what we read, or end a long count. */
const opening = `
SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;
SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '60s';
SET search_path = ''; SET row_security = off; SET client_min_messages = warning;
SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';
SET extra_float_digits = 3; SET bytea_output = 'hex'; SET xmlbinary = 'base64';`;

/** psql. */
export const psqlTalk: Talk = {
  opening,
  echo: (text) => `\\echo ${text}`,
  farewell: "\\q",
  asJson: (query) => `SELECT coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(q)), '[]') FROM (${query}\n) q;`,
  fromJson: (text) => JSON.parse(text) as unknown[],
  message: serverMessage,
};

/** What the server or the client program said, without psql's own position (`psql:<stdin>:12: `). */
export function serverMessage(said: string): string {
  const lines = said
    .trim()
    .replaceAll(/^psql(?::<stdin>:\d+)?: /gm, "")
    .split("\n");
  const first = lines.findIndex((line) => /^(?:ERROR|FATAL|error|could not)/.test(line));
  return (first === -1 ? lines.slice(-3) : lines.slice(first, first + 4)).join("\n").trim() || "the connection ended without a word";
}
