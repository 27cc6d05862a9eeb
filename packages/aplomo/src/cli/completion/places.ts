import type { Say } from "../../report/lang/say.ts";
import type { Verb } from "../verb.ts";

/** A word that may follow, with what it means. */
export interface Word {
  word: string;
  about: string;
}

/** Where the cursor may be: after which commands, and what may follow there. */
export interface Place {
  /** `[]`, `["backup"]`, `["backup", "run"]`. */
  path: string[];
  commands: Word[];
  options: Word[];
}

export interface Table {
  verbs: readonly Verb[];
  groups: readonly { name: string; summary: string; verbs: readonly Verb[] }[];
}

/** Options whose value is no word of ours: files are offered after them. */
export const withValue: string[] = ["-c", "--config"];

/** Pure: every place of a command line, from the table that the help is made of. */
export function placesOf({ verbs, groups }: Table, say: Say): Place[] {
  const common: Word[] = [
    { word: "--config", about: say("the application's aplomo.yml") },
    { word: "--json", about: say("print events, one JSON object a line (docs/EVENTS.md)") },
    { word: "--lang", about: say("the language of what is said (default: APLOMO_LANG, else LANG)") },
    { word: "--help", about: say("display help for command") },
  ];
  const named = ({ name, summary }: { name: string; summary: string }): Word => ({ word: name, about: say(summary) });
  const place = (path: string[], verb: Verb): Place => ({
    path,
    commands: [],
    options: [...(verb.options ?? []).map(([flags, about]) => ({ word: flags.split(/[ ,=]/)[0] ?? flags, about: say(about) })), ...common],
  });
  return [
    { path: [], commands: [...verbs, ...groups].map(named), options: common },
    ...verbs.map((verb) => place([verb.name], verb)),
    ...groups.map(({ name, verbs: its }) => ({ path: [name], commands: its.map(named), options: common })),
    ...groups.flatMap(({ name, verbs: its }) => its.map((verb) => place([name, verb.name], verb))),
  ];
}
