import { satisfies } from "../node-range.ts";
import type { Rule } from "../rule.ts";

export const nodeVersion: Rule = {
  id: "node-version",
  title: "it runs on another Node than it asks for",
  why: "PM2 starts every process with the Node that its daemon was started with, whichever is on the PATH by now; npm only warns of engines.",
  next: "Start PM2 anew with the right one: `pm2 save && pm2 kill && pm2 resurrect`; or set exec_interpreter. Or correct engines.node.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, program }) =>
      program?.node && program.wanted !== null && satisfies(program.node, program.wanted) === false
        ? [{ subject: name, message: `it runs on Node ${program.node}, and package.json asks for ${program.wanted}`, evidence: [] }]
        : [],
    ),
};
