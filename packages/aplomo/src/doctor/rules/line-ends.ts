import { spoken } from "../voices.ts";

export const lineEnds = spoken({
  id: "line-ends",
  title: "a start script has the line ends of Windows",
  why: "The kernel looks for an interpreter whose name ends in a carriage return, and says that a file does not exist which everybody sees.",
  next: "Save it with \\n, and keep it so: `*.sh text eol=lf` in .gitattributes.",
  patterns: [/bad interpreter: .*\^M/, /[‘'"]?[\w/.-]+\\r[’'"]?: No such file/, /: not found\r?$.*\r/, /\$'\\r': command not found/],
  tell: () => ({ message: "its first lines end with a carriage return" }),
});
