import { posix } from "node:path";
import { probes, probeWords } from "../ask/probes.ts";
import { bottomImage, inherited, type Instruction, type Stage } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

/** The folder in force before each instruction, and in the end; undefined where the base image or a variable decides. */
function folders(stage: Stage): { before: Map<Instruction, string | undefined>; last: string | undefined } {
  const before = new Map<Instruction, string | undefined>();
  // Of a base image nobody knows; the usual ones start in /.
  let now: string | undefined = /^[\w.-]+(:|@|$)/.test(bottomImage(stage)) ? "/" : undefined;
  for (const one of inherited(stage)) {
    before.set(one, now);
    if (one.name !== "WORKDIR") continue;
    const path = one.body.trim();
    now = path.includes("$") ? undefined : path.startsWith("/") ? posix.normalize(path) : now && posix.join(now, path);
  }
  return { before, last: now };
}

const wordsOf = (one: Instruction): string[] => one.json ?? one.body.trim().split(/\s+/);

/** Where COPY puts a file of this name; undefined: elsewhere, or nobody can tell. */
function copiedTo(one: Instruction, name: string, folder: string | undefined): string | undefined {
  const words = wordsOf(one);
  const to = words.at(-1) ?? "";
  if (words.length !== 2 || posix.basename(words[0] ?? "") !== name) return undefined;
  const into = /^\.{1,2}$|\/$/.test(to) ? posix.join(to, name) : to;
  const path = into.startsWith("/") ? into : folder && posix.join(folder, into);
  return path === undefined || path.includes("$") ? undefined : posix.normalize(path);
}

export const healthcheckScript: Rule = {
  id: "healthcheck-script",
  title: "the health check's script is in another folder",
  area: "health",
  severity: "error",
  why: "a relative path is looked for in the last WORKDIR, and COPY went by the one before it: every check fails, and the container is unhealthy although the application works",
  needs: ["dockerfile"],
  example: {
    "health.sh": "#!/bin/sh\nwget -qO- http://localhost:3000/healthz\n",
    Dockerfile:
      'FROM node:22-alpine\nCOPY health.sh «.¦/»\nUSER node\nHEALTHCHECK CMD sh «./health.sh¦/health.sh»\nWORKDIR /app\nCOPY server.js ./\nCMD ["node", "server.js"]\n',
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      const { stage, service, place } = probe;
      if (!stage || service?.keys.has("working_dir")) return [];
      const script = probeWords(probe).find((word) => /^(\.\/)?[\w-]+(\/[\w-]+)*\.(sh|m?js|cjs|py)$/.test(word));
      if (script === undefined) return [];
      const { before, last } = folders(stage);
      if (last === undefined) return [];
      const wanted = posix.join(last, script);
      const name = posix.basename(script);
      const copies = inherited(stage).filter((one) => /^(COPY|ADD)$/.test(one.name));
      const single = copies.flatMap((one) => {
        const path = copiedTo(one, name, before.get(one));
        return path === undefined ? [] : [{ one, path }];
      });
      const [first] = single;
      if (!first || single.some(({ path }) => path === wanted)) return [];
      // What copies whole folders there, or moves the file, may have brought it.
      const filling = copies.filter((one) => fills(one, before.get(one), wanted));
      const moved = inherited(stage).some((one) => one.name === "RUN" && one.body.includes(name));
      if (moved || filling.some((one) => !one.flags.has("from") && brings(one, name, model.paths))) return [];
      return [
        {
          place,
          ...(filling.some((one) => one.flags.has("from")) ? { severity: "warning" as const } : {}),
          message: `${script} is looked for as ${wanted}, and COPY brings it to ${first.path}`,
          hint: `write ${first.path}, or copy it after the last WORKDIR`,
          related: [{ place: first.one.place, message: "where it is copied to" }],
        },
      ];
    }),
};

/** Whether it copies into the folder of a path, or into one above. */
function fills(one: Instruction, folder: string | undefined, wanted: string): boolean {
  const to = wordsOf(one).at(-1) ?? "";
  const path = to.startsWith("/") ? to : folder && posix.join(folder, to);
  return path === undefined || path.includes("$") || wanted.startsWith(posix.join(path, "/"));
}

/** Whether what it copies from the tree holds a file of this name. */
function brings(one: Instruction, name: string, paths: ReadonlySet<string>): boolean {
  return wordsOf(one)
    .slice(0, -1)
    .some((source) => {
      const from = posix.normalize(source).replace(/^\.\/|^\.$|\/$/g, "");
      if (from === "" || /[*?$]/.test(from)) return true;
      return [...paths].some((path) => posix.basename(path) === name && `/${path}`.includes(`/${from}/`));
    });
}
