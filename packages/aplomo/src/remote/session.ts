import { createReadStream } from "node:fs";
import { once } from "node:events";
import type { Connection } from "./connection.ts";
import { parseLine, type Line, type Request } from "./messages.ts";
import { chooseNode } from "./node.ts";
import type { Program } from "./program.ts";
import { Reader } from "./reader.ts";
import { start } from "./scripts.ts";

/** One request to the program on the server, and what it says. */
export interface Session {
  /** Undefined once it says no more: it is done, or the connection is gone. */
  next(): Promise<Line | undefined>;
  /** A file's content, as it was asked for. False: the connection is gone. */
  send(path: string, size: number): Promise<boolean>;
  /** What it wrote to standard error: the words of ssh, or of a defect. */
  said(): string;
  end(): void;
}

export function openSession(connection: Connection, program: Program, request: Request): Session {
  const child = connection.spawn(start, [program.name, chooseNode(connection.server) ?? "-"]);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout) throw new Error("no streams");
  let gone = false;
  let said = "";
  stderr?.setEncoding("utf8").on("data", (part: string) => (said = (said + part).slice(-8_192)));
  stdin.on("error", () => (gone = true));
  void child.ended.then(() => (gone = true));
  stdin.write(`${JSON.stringify(request)}\n`);
  const reader = new Reader(stdout);
  return {
    async next() {
      for (;;) {
        const text = await reader.line();
        if (text === undefined) return undefined;
        const line = parseLine(text);
        if (line) return line;
      }
    },
    async send(path, size) {
      let left = size;
      // Not a byte more than was announced, should the file have grown since; when it has shrunk the rest is filled, and refused over there.
      if (size > 0)
        for await (const part of createReadStream(path, { end: size - 1 })) {
          left -= (part as Buffer).length;
          if (gone) return false;
          if (!stdin.write(part)) await Promise.race([once(stdin, "drain").catch(() => {}), child.ended]);
        }
      if (left > 0 && !gone) stdin.write(Buffer.alloc(left));
      return !gone;
    },
    said: () => said.trim(),
    end: () => child.kill(),
  };
}
