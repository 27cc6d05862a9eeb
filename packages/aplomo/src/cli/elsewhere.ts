import { resolve } from "node:path";
import { isScalar } from "yaml";
import { parse } from "../config/document.ts";
import { readText } from "../config/text.ts";
import { homeFolder } from "../deploy/paths.ts";
import { isArrived } from "../remote/workspace.ts";

/**
 * Whether an aplomo.yml says that its application runs on another machine. Read for that alone: what is wrong with the file is told by
 * whoever reads it in full. On the server itself the files lie in a workspace, and the answer is no.
 */
export async function isElsewhere(file: string): Promise<boolean> {
  const path = resolve(file);
  if (isArrived(path, resolve(homeFolder(process.env)))) return false;
  const read = await readText(path);
  // Most have no such word, and then nothing has to be parsed twice.
  if (!("text" in read) || !/\bhost["']?\s*:/.test(read.text)) return false;
  const source = parse(read.text);
  const host = source.faults.length > 0 ? undefined : source.document.getIn(["target", "host"], true);
  return isScalar(host) && typeof host.value === "string" && host.value !== "";
}
