import type { Command, Loop, Operator, Word } from "./shell.ts";

/** What opens and closes around commands. */
export interface Frame {
  kind: "if" | "for" | "while" | "until" | "case" | "brace" | "paren" | "function";
  /** The part between `if` and `then`, `while` and `do`. */
  condition: boolean;
  name?: string;
  loop?: Loop;
}

const deepest = 500;
const closing = new Map<string, Frame["kind"][]>([
  ["fi", ["if"]],
  ["done", ["for", "while", "until"]],
  ["esac", ["case"]],
  ["}", ["brace", "function"]],
]);
/** Words between the parts of a frame, and whether a condition follows; undefined: as it was. */
const dividing = new Map<string, boolean | undefined>([
  ["elif", true],
  ["then", false],
  ["do", false],
  ["else", undefined],
]);

/** What is open where the scanner stands. */
export class Frames {
  private readonly stack: Frame[] = [];

  get top(): Frame | undefined {
    return this.stack.at(-1);
  }

  get functionName(): string | undefined {
    return this.stack.findLast((frame) => frame.kind === "function")?.name;
  }

  enter(frame: Frame): true {
    if (this.stack.length < deepest) this.stack.push(frame);
    return true;
  }

  /** Closes the innermost of these kinds, and what was left open inside; `at` is where. */
  leave(at: number, ...kinds: Frame["kind"][]): void {
    const index = this.stack.findLastIndex((frame) => kinds.includes(frame.kind));
    if (index === -1) return;
    const [frame] = this.stack.splice(index);
    if (frame?.loop) frame.loop.end = at;
  }

  /** Whether a word closes a frame or goes on to its next part, which is then done. */
  moved(word: string, at: number): boolean {
    const kinds = closing.get(word);
    if (kinds) this.leave(at, ...kinds);
    const condition = dividing.get(word);
    if (condition !== undefined && this.top) this.top.condition = condition;
    return kinds !== undefined || dividing.has(word);
  }

  /** After `;;` a pattern of the case comes again. */
  nextPattern(): void {
    const frame = this.stack.findLast((one) => one.kind === "case");
    if (frame) frame.condition = true;
  }

  /** A command that begins here with this word. */
  open(word: Word, before: Operator, negated: boolean): Command {
    return {
      words: [],
      assignments: [],
      place: word.place,
      before,
      after: "",
      tested: negated || this.stack.some((frame) => frame.condition && frame.kind !== "case"),
      loops: this.stack.flatMap((frame) => (frame.loop ? [frame.loop] : [])),
      conditional: this.stack.some((frame) => frame.kind !== "brace" && frame.kind !== "paren"),
      inFunction: this.functionName,
      substituted: false,
      redirects: [],
    };
  }
}
