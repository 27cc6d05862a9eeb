import type { Talk } from "../session.ts";
import type { Flavour } from "./tools.ts";

/** Nothing of the server's own settings may change what we read, or end a long count. */
const opening = `SET NAMES utf8mb4; SET SESSION sql_mode = '', time_zone = '+00:00', lock_wait_timeout = 60, innodb_lock_wait_timeout = 60,
  wait_timeout = 86400, net_write_timeout = 3600, group_concat_max_len = 16777216, sql_quote_show_create = 1,`;
const own: Record<Flavour, string> = {
  mariadb: "max_statement_time = 0, idle_transaction_timeout = 0;",
  // Its statistics are up to a day old by default, AUTO_INCREMENT among them.
  mysql: "max_execution_time = 0, information_schema_stats_expiry = 0;",
};

/** The client program. Queries whose rows are wanted as objects make each row with JSON_OBJECT. */
export function talkOf(flavour: Flavour): Talk {
  return {
    opening: `${opening} ${own[flavour]}`,
    echo: (text) => `SELECT '${text}';`,
    farewell: "",
    asJson: (query) => `${query};`,
    fromJson: (text) => (text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as unknown)),
    message: serverMessage,
  };
}

/**
 * What the server or the client program said, without the program's own position (`ERROR 1146 (42S02) at line 12: `) and without the
 * statement that it repeats before, for that may hold data.
 */
export function serverMessage(said: string): string {
  const lines = said.trim().split("\n");
  const first = lines.findIndex((line) => line.startsWith("ERROR"));
  const text = (first === -1 ? lines.slice(-3) : lines.slice(first, first + 3)).join("\n").trim();
  const match = /^ERROR (\d+)?[^:]*: (.*)$/s.exec(text);
  if (!match) return text || "the connection ended without a word";
  return match[1] === undefined ? (match[2] ?? "") : `${match[2]} (error ${match[1]})`;
}
