import { isTest } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const scriptLineEnds: Rule = {
  id: "script-line-ends",
  title: "a script has Windows line ends",
  area: "start",
  severity: "error",
  why: "the kernel looks for a program named `sh\\r`: the container ends at once with `no such file or directory`, although the file is there",
  needs: [],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh": "#!/bin/sh«\r¦»\nset -e\nexec node server.js\n",
  },
  check: (model) =>
    [...model.scripts.values(), ...model.hooks].flatMap((script): Found[] => {
      const { source } = script;
      if (!/^#![^\n]*\r\n/.test(source.text) || isTest(source.path)) return [];
      const reached = model.starts.some((start) => start.commands.some((one) => one.script === script)) || model.hooks.includes(script);
      const edits = [...source.text.matchAll(/\r(?=\n)/g)].map((match) => ({ place: source.at(match.index, match.index + 1), text: "" }));
      // Git may have made them when it checked the file out.
      return [
        {
          place: source.at(0),
          severity: reached ? "error" : "warning",
          message: "its first line ends with a carriage return, which becomes part of the shell's name",
          hint: "save it with Unix line ends, and write `*.sh text eol=lf` into .gitattributes",
          fix: { title: "write Unix line ends", changesBehaviour: false, edits },
        },
      ];
    }),
};
