import type { Place, Source } from "../place.ts";
import { inherited, type Instruction, type Stage } from "../read/dockerfile.ts";
import type { Command, Script, Word } from "../read/shell.ts";
import type { Launch } from "./service.ts";

/** ENTRYPOINT and CMD in force; a new ENTRYPOINT of a later stage takes an inherited CMD away. */
export function launches(stage: Stage | undefined): { entrypoint: Launch | undefined; command: Launch | undefined } {
  const all = inherited(stage);
  const entry = all.findLast((one) => one.name === "ENTRYPOINT");
  const command = all.findLast((one) => one.name === "CMD");
  return { entrypoint: entry && launchOf(entry), command: command && launchOf(command) };
}

export function launchOf(instruction: Instruction): Launch {
  const { json, body, place, start } = instruction;
  if (json === undefined) return { form: "shell", words: [], text: body, place, textStart: start };
  if (/^(\/(usr\/)?bin\/)?(ba|da|a)?sh$/.test(json[0] ?? "") && /^-\w*c$/.test(json[1] ?? "") && json[2] !== undefined) {
    const found = body.indexOf(json[2]);
    return { form: "shell", words: json, text: json[2], place, textStart: found === -1 ? undefined : start + found };
  }
  return { form: "exec", words: json, text: json.join(" "), place, textStart: undefined };
}

/** The one command of the exec form. */
export function execCommand(launch: Launch): Command {
  const words: Word[] = launch.words.map((value) => ({ raw: value, value, place: launch.place, quoted: true }));
  return {
    words,
    assignments: [],
    place: launch.place,
    before: "",
    after: "",
    tested: false,
    loops: [],
    conditional: false,
    inFunction: undefined,
    substituted: false,
    redirects: [],
  };
}

/** The source's text with a part put over it that is as long: without `\` at line ends, or without JSON's escapes. */
export function withText(source: Source, start: number, text: string): string {
  return source.text.slice(0, start) + text + source.text.slice(start + text.length);
}

export function textSource(source: Source, text: string): Source {
  return { ...source, text, at: source.at.bind(source) };
}

export function placed(script: Script, source: Source, place: Place): Script {
  const commands = script.commands.map((command) => ({
    ...command,
    place,
    words: command.words.map((word) => ({ ...word, place })),
    assignments: command.assignments.map((one) => ({ ...one, place })),
  }));
  return { ...script, source, commands, start: place.start, end: place.end };
}
