/** A line for the program at the other end of standard output. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
