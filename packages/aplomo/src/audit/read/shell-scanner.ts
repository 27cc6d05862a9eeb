import type { Source } from "../place.ts";
import type { Command, Loop, Operator, Word } from "./shell.ts";
import { Frames, type Frame } from "./shell-frames.ts";
import { afterHeredocs, type Heredoc } from "./shell-heredoc.ts";
import { readWord, skipComment } from "./shell-word.ts";

const deepest = 40;
const most = 20_000;

/** Reads commands one after the other; what opens and closes around them is a stack. It never goes back, so its time is that of the text. */
export class Scanner {
  readonly commands: Command[] = [];
  private readonly source: Source;
  private readonly text: string;
  private at: number;
  private readonly end: number;
  private readonly depth: number;
  private readonly frames = new Frames();
  private heredocs: Heredoc[] = [];
  private current: Command | undefined;
  private last: Operator = "";
  private negated = false;
  private pendingFunction: string | undefined;

  constructor(source: Source, text: string, start: number, end: number, depth = 0) {
    this.source = source;
    this.text = text;
    this.at = start;
    this.end = end;
    this.depth = depth;
  }

  read(): Command[] {
    while (this.at < this.end && this.commands.length < most) {
      const before = this.at;
      this.step();
      if (this.at === before) this.at++;
    }
    this.close("");
    return this.commands;
  }

  private step(): void {
    const { text } = this;
    const character = text[this.at] ?? "";
    if (character === " " || character === "\t" || character === "\r") return void this.at++;
    if (character === "\\" && /^\\\r?\n/.test(text.slice(this.at, this.at + 3)))
      return void (this.at += text[this.at + 1] === "\r" ? 3 : 2);
    if (character === "#") return void (this.at = skipComment(text, this.at, this.end));
    if (character === "\n") {
      this.close("\n");
      this.at = afterHeredocs(this.text, this.at + 1, this.end, this.heredocs);
      this.heredocs = [];
      return;
    }
    const two = text.slice(this.at, this.at + 2);
    if (two === ";;" || two === ";&") {
      this.close(";");
      this.at += 2;
      return;
    }
    if (two === "&&" || two === "||") return this.operator(two, 2);
    if (two === "|&") return this.operator("|", 2);
    if (two === "&>") return this.redirect();
    if (character === ";" || character === "&" || character === "|") return this.operator(character, 1);
    if (character === ">" || (character === "<" && two !== "<(")) return this.redirect();
    if (character === "(") return this.paren();
    if (character === ")") {
      this.close(")");
      this.frames.leave(this.at, "paren");
      this.at++;
      return;
    }
    this.word();
  }

  private operator(operator: Operator, length: number): void {
    this.close(operator);
    this.at += length;
  }

  private paren(): void {
    const words = this.current?.words ?? [];
    // `name()` begins a function.
    if (words.length === 1 && /^\(\s*\)/.test(this.text.slice(this.at, this.at + 20))) {
      this.pendingFunction = words[0]?.value;
      this.current = undefined;
      this.at += /^\(\s*\)/.exec(this.text.slice(this.at, this.at + 20))?.[0].length ?? 2;
      return;
    }
    this.close("(");
    this.frames.enter({ kind: "paren", condition: false });
    this.at++;
  }

  private redirect(): void {
    const match = /^(?:&>>?|<<<|<<-?|<>|<&|>\||>>|>&|<|>)/.exec(this.text.slice(this.at, this.at + 3));
    const sign = match?.[0] ?? ">";
    this.at += sign.length;
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at++;
    if (this.at >= this.end || this.text[this.at] === "\n") return;
    const word = this.take();
    if (sign === "<<" || sign === "<<-") this.heredocs.push({ name: word.value, tabs: sign === "<<-" });
    this.current?.redirects.push(`${sign}${word.value}`);
  }

  private take(): Word {
    const word = readWord(this.source, this.text, this.at, this.end, (from, to) => this.nested(from, to));
    this.at = Math.max(word.place.end, this.at + 1);
    return word;
  }

  private nested(from: number, to: number): void {
    if (this.depth >= deepest) return;
    const inner = new Scanner(this.source, this.text, from, to, this.depth + 1).read();
    for (const command of inner) {
      command.substituted = true;
      command.inFunction ??= this.frames.functionName;
      command.conditional ||= this.frames.top !== undefined;
      this.commands.push(command);
    }
  }

  private word(): void {
    const casing = this.frames.top;
    if (casing?.kind === "case" && casing.condition && !this.current) return this.pattern(casing);
    const word = this.take();
    const first = this.current === undefined || (this.current.words.length === 0 && this.current.assignments.length === 0);
    if (first && !word.quoted && this.reserved(word)) return;
    if (!this.current) {
      this.current = this.frames.open(word, this.last, this.negated);
      this.negated = false;
    }
    const assigned = /^([A-Za-z_]\w*)\+?=/.exec(word.raw);
    if (assigned && this.current.words.length === 0) {
      const value = word.value.slice(word.value.indexOf("=") + 1);
      this.current.assignments.push({ name: assigned[1] ?? "", value, place: word.place });
    } else this.current.words.push(word);
    this.current.place = this.source.at(this.current.place.start, word.place.end);
  }

  /** `pattern)` of a case; the bracket before it is optional. */
  private pattern(frame: Frame): void {
    const word = this.take();
    if (word.value === "esac") return this.frames.leave(this.at, "case");
    while (this.at < this.end && this.text[this.at] !== ")" && this.text[this.at] !== "\n") this.at++;
    if (this.text[this.at] === ")") this.at++;
    frame.condition = false;
  }

  private reserved(word: Word): boolean {
    const { value } = word;
    if (this.frames.moved(value, this.at)) return true;
    switch (value) {
      case "if":
        return this.frames.enter({ kind: "if", condition: true });
      case "while":
      case "until": {
        return this.frames.enter({ kind: value, condition: true, loop: { kind: value, start: word.place.start, end: this.end } });
      }
      case "for":
      case "select": {
        const loop: Loop = { kind: "for", start: word.place.start, end: this.end };
        this.frames.enter({ kind: "for", condition: false, loop });
        // The list is no command: on to `do`.
        while (this.at < this.end && !/[;\n]/.test(this.text[this.at] ?? "")) this.at++;
        return true;
      }
      case "case":
        this.frames.enter({ kind: "case", condition: true });
        while (this.at < this.end && !/^\sin[\s]/.test(this.text.slice(this.at, this.at + 4)) && this.text[this.at] !== "\n") this.at++;
        this.at = Math.min(this.at + 4, this.end);
        return true;
      case "{":
        if (this.pendingFunction !== undefined) this.frames.enter({ kind: "function", condition: false, name: this.pendingFunction });
        else this.frames.enter({ kind: "brace", condition: false });
        this.pendingFunction = undefined;
        return true;
      case "!":
        this.negated = true;
        return true;
      case "function": {
        const name = /^\s*([\w.:-]+)\s*(?:\(\s*\))?/.exec(this.text.slice(this.at, this.at + 100));
        this.pendingFunction = name?.[1];
        this.at += name?.[0].length ?? 0;
        return true;
      }
      default:
        return false;
    }
  }

  private close(operator: Operator): void {
    const { current } = this;
    if (operator === ";" && this.text.startsWith(";;", this.at)) {
      this.frames.nextPattern();
    }
    if (!current) {
      // After `&&` a line may end: the operator still stands.
      if (operator !== "\n" || this.last === "") this.last = operator;
      return;
    }
    current.after = operator;
    current.tested ||= operator === "&&" || operator === "||";
    this.commands.push(current);
    this.current = undefined;
    this.last = operator;
  }
}
