import { spawn, type ChildProcess } from "node:child_process";
import type { DatabaseSettings } from "../../src/config/schema.ts";
import type { Change, Dialect } from "../contract/database.suite.ts";

/** How a test reaches a server: its own way, beside the driver's. */
export interface Server {
  /** The project of a compose service, else any name. */
  app: string;
  /** Its client program against a database, its SQL on standard input. */
  client(database: string): [string, string[], NodeJS.ProcessEnv];
  /** What stands in aplomo.yml. */
  settings(database: string): Partial<DatabaseSettings>;
  url?(database: string): string;
}

/** Runs SQL through a client program of its own and gives what it printed. */
export async function runSql(server: Server, database: string, text: string): Promise<string> {
  const child = startSql(server, database, text);
  child.stdin?.end();
  let [out, said] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${server.client(database)[0]}: ${said}`);
  return out.trim();
}

export function startSql(server: Server, database: string, text: string): ChildProcess {
  const [program, args, env] = server.client(database);
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}).write(`${text}\n`);
  return child;
}

/** What SQL needs to be told about one of its dialects. */
interface Own extends Omit<Dialect, "say" | "big" | "grow" | "numbers"> {
  /** Types of texts and blobs of any length. */
  types: { text: string; blob: string };
  /** A blob with every byte, 0 included: an expression. */
  allBytes: string;
  /** A text of so many characters: an expression. */
  longText: (length: number) => string;
}

export function sqlDialect({ types, allBytes, longText, ...own }: Own): Dialect {
  const rows = (count: number, length: number): string =>
    Array.from({ length: count }, (_, at) => `(${at + 1}, ${longText(length)}, ${allBytes})`).join(", ");
  return {
    ...own,
    say: (changes) => changes.map(say).join("\n"),
    big: (count, length) =>
      `CREATE TABLE big (id integer PRIMARY KEY, t ${types.text}, b ${types.blob}); INSERT INTO big VALUES ${rows(count, length)};`,
    grow: "UPDATE big SET t = t || 'x';",
    numbers: {
      good: [
        ["SELECT count(*) FROM people WHERE name IS NOT NULL; ", 2],
        ["SELECT 1.5 -- half", 1.5],
      ],
      bad: [
        "SELECT id, name FROM people",
        "SELECT id FROM people",
        "SELECT name FROM people WHERE id = 1",
        "SELECT 1 WHERE 1 = 0",
        "SELECT max(id) FROM people WHERE id > 9",
      ],
      nowhere: "SELECT x FROM nowhere",
    },
  };
}

function say(change: Change): string {
  const quoted = (text: string | null): string => (text === null ? "NULL" : `'${text.replaceAll("'", "''")}'`);
  if ("create" in change) return `CREATE TABLE ${change.create} (id integer PRIMARY KEY, name varchar(40));`;
  if ("drop" in change) return `DROP TABLE ${change.drop};`;
  if ("read" in change) return `SELECT count(*) FROM ${change.read};`;
  if ("update" in change) return `UPDATE ${change.update} SET name = ${quoted(change.name)} WHERE id = ${change.id};`;
  if ("delete" in change) return `DELETE FROM ${change.delete}${change.ids ? ` WHERE id IN (${change.ids.join(", ")})` : ""};`;
  const rows = change.rows.map(([id, name]) => `(${id}, ${quoted(name)})`).join(", ");
  return `INSERT INTO ${change.insert} (id, name) VALUES ${rows};`;
}
