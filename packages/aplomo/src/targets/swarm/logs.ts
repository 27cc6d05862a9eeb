import { callEngine, readTaskLogs } from "../../host/engine.ts";

/** The last lines a task has said, both streams in order. */
export async function logsOf(task: string, tail: number): Promise<string> {
  const { status, body } = await callEngine(readTaskLogs(task, tail));
  if (status !== 200) return "";
  const stamped = framesOf(body).join("").split("\n").filter(Boolean).sort();
  return stamped
    .slice(-tail)
    .map((line) => line.slice(line.indexOf(" ") + 1))
    .join("\n");
}

/** The engine puts eight bytes before each part: the stream's number, three zeros, and the length. */
export function framesOf(body: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at + 8 <= body.length;) {
    const length = body.readUInt32BE(at + 4);
    found.push(body.toString("utf8", at + 8, at + 8 + length));
    at += 8 + length;
  }
  return found;
}
