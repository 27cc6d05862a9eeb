import type { Db, Document } from "mongodb";
import { AplomoError, reason } from "../../base/errors.ts";
import { driver } from "./driver.ts";
import { listAll } from "./collections.ts";

/** What only reads; a pipeline may end in what writes. */
const writing = ["$out", "$merge"];

/** The answer to a command in Extended JSON, `count` or `aggregate`, as rows: `{ "count": "users", "query": { "active": true } }`. */
export async function askNumber(db: Db, query: string, subject: string): Promise<Record<string, unknown>[]> {
  const fail = (cause: string): never => {
    const hint = 'Write a command as JSON: { "count": "users", "query": { "active": true } }, or an `aggregate` that yields one number.';
    throw new AplomoError({ operation: "take a number from", subject, cause: `${query.trim()}: ${cause}`, hint });
  };
  const { EJSON } = (await driver()).BSON;
  let command: Document = {};
  try {
    command = EJSON.parse(query) as Document;
  } catch (error) {
    return fail(`it is no JSON (${reason(error)})`);
  }
  const [verb] = Object.keys(command);
  if (verb !== "count" && verb !== "aggregate") return fail("neither `count` nor `aggregate`");
  const name = String(command[verb]);
  // The server counts nothing in it, and finds no fault.
  if (!(await listAll(db)).some((one) => one.name === name)) return fail(`there is no collection ${name}`);
  if (verb === "count") return [{ n: (await db.command(command))["n"] as unknown }];
  const stages = (Array.isArray(command["pipeline"]) ? command["pipeline"] : []) as Document[];
  if (stages.some((stage) => writing.some((one) => one in stage))) return fail("it writes");
  const rows = (await db.collection(name).aggregate(stages).limit(4).toArray()) as Record<string, unknown>[];
  return rows.map(({ _id: _group, ...rest }) => rest);
}
