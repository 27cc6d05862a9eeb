/** A here-document that a line opens; `tabs`: its lines may begin with tabs. */
export interface Heredoc {
  name: string;
  tabs: boolean;
}

/** Where the lines of here-documents end that begin at `at`; the end where one is never closed. */
export function afterHeredocs(text: string, at: number, end: number, heredocs: readonly Heredoc[]): number {
  for (const { name, tabs } of heredocs) {
    for (;;) {
      if (at >= end) return end;
      const newline = text.indexOf("\n", at);
      const stop = newline === -1 || newline > end ? end : newline;
      const line = text.slice(at, stop).replace(/\r$/, "");
      at = stop + 1;
      if ((tabs ? line.replace(/^\t+/, "") : line) === name) break;
    }
    at = Math.min(at, end);
  }
  return at;
}
