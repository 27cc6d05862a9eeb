/** Where a fact stands: lines and columns from 1, offsets into the file's text. */
export interface Place {
  file: string;
  line: number;
  column: number;
  start: number;
  end: number;
}

/** A text file of the tree. */
export interface Source {
  path: string;
  text: string;
  /** The place of a range; without an end it ends with its line. */
  at(start: number, end?: number): Place;
  /** The text of a line, from 1. */
  line(number: number): string;
  lines: number;
}

/** A source's path, and a text without its byte order mark. Windows line ends stay: offsets must be those of the file. */
export function sourceOf(path: string, text: string): Source {
  let starts: number[] | undefined;
  const lineStarts = (): number[] => {
    if (starts) return starts;
    starts = [0];
    for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", index + 1)) starts.push(index + 1);
    return starts;
  };
  return {
    path,
    text,
    at(start, end) {
      const all = lineStarts();
      let low = 0;
      let high = all.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((all[middle] ?? 0) <= start) low = middle;
        else high = middle - 1;
      }
      const lineStart = all[low] ?? 0;
      const lineEnd = (all[low + 1] ?? text.length + 1) - 1;
      return { file: path, line: low + 1, column: start - lineStart + 1, start, end: end ?? Math.max(start, lineEnd) };
    },
    line(number) {
      const all = lineStarts();
      const start = all[number - 1];
      if (start === undefined) return "";
      return text.slice(start, (all[number] ?? text.length + 1) - 1).replace(/\r$/, "");
    },
    get lines() {
      return lineStarts().length;
    },
  };
}
