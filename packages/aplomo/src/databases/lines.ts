import { Transform } from "node:stream";
import { AplomoError } from "../base/errors.ts";

/** What decides, line by line, what of a plain dump goes on. Lines are latin1, so that every byte comes through, and keep their end. */
export interface LineFilter {
  line(text: string, emit: (text: string) => void): void;
  /** After the last line; throws when what was looked for was not there. */
  end(emit: (text: string) => void): void;
}

/** A stream of the lines a filter lets through. */
export function filtered(filter: LineFilter): Transform {
  let rest: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        const out: string[] = [];
        const emit = (text: string): void => void out.push(text);
        let at = 0;
        for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, at)) {
          const piece = chunk.subarray(at, end + 1);
          filter.line((rest.length > 0 ? Buffer.concat([...rest, piece]) : piece).toString("latin1"), emit);
          rest = [];
          at = end + 1;
        }
        if (at < chunk.length) rest.push(chunk.subarray(at));
        done(null, Buffer.from(out.join(""), "latin1"));
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        const out: string[] = [];
        const emit = (text: string): void => void out.push(text);
        if (rest.length > 0) filter.line(Buffer.concat(rest).toString("latin1"), emit);
        filter.end(emit);
        done(null, Buffer.from(out.join(""), "latin1"));
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** A line that went through `filtered`, as it is read by people and compared with names. */
export function decoded(text: string): string {
  return Buffer.from(text, "latin1").toString();
}

export function missingTable(table: string, known: Iterable<string>): AplomoError {
  const names = [...known].slice(0, 20).join(", ");
  return new AplomoError({
    operation: "take out of the dump",
    subject: `table ${table}`,
    cause: `the dump has ${names || "no tables"}`,
    hint: "Name one of these.",
  });
}

/**
 * Follows where a foreign dump says it wants to go. Its own database's name is left out, for it is loaded into a scratch one: obeyed, it
 * would overwrite a live database of that name. A second one is refused.
 */
export function oneDatabase(): (name: string) => void {
  let first: string | undefined;
  return (name) => {
    first ??= name;
    if (first === name) return;
    throw new AplomoError({
      operation: "load the dump",
      subject: name,
      cause: `it holds several databases: ${first}, ${name}`,
      hint: "Make a dump of the one database, or cut the file where the next one begins.",
    });
  };
}
