import type { Command } from "../read/shell.ts";

/** A text as a shell splits it: quotes hold together, nothing else is read. */
export function splitWords(text: string): string[] {
  const found = text.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gs);
  return [...found].map(([word]) =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
      (_, double: string | undefined, single: string | undefined) => double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? "",
    ),
  );
}

/** Programs that only start another: how many of their own words follow, or a test for them. */
const wrappers: Record<string, (rest: string[]) => number> = {
  exec: (rest) => options(rest, ["-a"]),
  command: (rest) => options(rest),
  nohup: () => 0,
  time: () => 0,
  tini: (rest) => options(rest, ["-p", "-e"]),
  "tini-static": (rest) => options(rest, ["-p", "-e"]),
  "docker-init": (rest) => options(rest),
  catatonit: (rest) => options(rest),
  "dumb-init": (rest) => options(rest, ["-r", "--rewrite"]),
  gosu: () => 1,
  "su-exec": () => 1,
  setpriv: (rest) => options(rest, ["--reuid", "--regid"]),
  sudo: (rest) => options(rest, ["-u", "-g"]),
  nice: (rest) => options(rest, ["-n"]),
  ionice: (rest) => options(rest, ["-c", "-n"]),
  timeout: (rest) => options(rest, ["-s", "-k"]) + 1,
  npx: (rest) => options(rest, ["-p", "--package"]),
  bunx: (rest) => options(rest),
  pnpx: (rest) => options(rest),
  dotenvx: (rest) => Math.max(0, rest.indexOf("--") + 1) || 1,
  dotenv: (rest) => rest.indexOf("--") + 1,
  "dotenv-cli": (rest) => rest.indexOf("--") + 1,
  doppler: (rest) => rest.indexOf("--") + 1,
  infisical: (rest) => rest.indexOf("--") + 1,
  chamber: (rest) => rest.indexOf("--") + 1,
  "cross-env": assigned,
  env: (rest) => {
    const first = options(rest, ["-u"]);
    return first + assigned(rest.slice(first));
  },
  "cross-env-shell": assigned,
  uv: (rest) => (rest[0] === "run" ? 1 + options(rest.slice(1), ["--with", "--project", "--directory"]) : 0),
  poetry: (rest) => (rest[0] === "run" ? 1 : 0),
  pipenv: (rest) => (rest[0] === "run" ? 1 : 0),
  pdm: (rest) => (rest[0] === "run" ? 1 : 0),
  bundle: (rest) => (rest[0] === "exec" ? 1 : 0),
};

function options(words: string[], withValue: string[] = []): number {
  let count = 0;
  while (count < words.length && words[count]?.startsWith("-")) {
    if (words[count] === "--") return count + 1;
    count += withValue.includes(words[count] ?? "") ? 2 : 1;
  }
  return count;
}

function assigned(words: string[]): number {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  return first === -1 ? words.length : first;
}

/**
 * The words of the program that does the work: wrappers (`exec`, `tini --`, `gosu user`, `npx`, `env A=b`) and the folders before its name
 * taken away. `node node_modules/prisma/build/index.js migrate` becomes `prisma migrate`.
 */
export function workingWords(words: readonly string[]): string[] {
  let rest = [...words];
  for (let round = 0; round < 8; round++) {
    const name = programName(rest[0] ?? "");
    const wrapper = wrappers[name];
    if (wrapper) {
      const skip = wrapper(rest.slice(1));
      if (skip === 0 && /^(dotenv|dotenv-cli|doppler|infisical|chamber|uv|poetry|pipenv|pdm|bundle)$/.test(name)) break;
      rest = rest.slice(1 + skip);
      continue;
    }
    const inner = managerRuns(name, rest);
    if (inner === undefined) break;
    rest = rest.slice(inner);
  }
  const [first = "", second = ""] = rest;
  const packaged = /^(?:node|bun)$/.test(programName(first))
    ? /node_modules\/(?:\.bin\/)?(@?[\w-]+(?:\/[\w-]+)?)/.exec(second)?.[1]
    : undefined;
  if (packaged !== undefined)
    return [
      packaged
        .replace(/\/(build|dist|bin|lib|cli)$/, "")
        .split("/")
        .at(-1) ?? packaged,
      ...rest.slice(2),
    ];
  return first === "" ? [] : [programName(first), ...rest.slice(1)];
}

/** `pnpm exec prisma`, `yarn prisma`, `npm exec -- prisma`: where the program's words begin. */
function managerRuns(name: string, words: string[]): number | undefined {
  const [, second = "", third = ""] = words;
  if (/^(npm|pnpm|yarn|bun)$/.test(name) && /^(exec|x|dlx)$/.test(second)) return third === "--" ? 3 : 2;
  if (/^(yarn|pnpm)$/.test(name) && /^(prisma|next|tsx|ts-node|typeorm|knex|sequelize|drizzle-kit|pm2|pm2-runtime|node)$/.test(second))
    return 1;
  return undefined;
}

export function programName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1).replace(/@[\w.^~-]+$/, (version, offset: number) => (offset === 0 ? version : ""));
}

/** The words of a shell command as they come to work. */
export function wordsOf(command: Command): string[] {
  return workingWords(command.words.map((word) => word.value));
}

/** The script that `npm run x`, `yarn x` or `pnpm start` runs; undefined: none. */
export function packageScript(words: readonly string[]): string | undefined {
  const name = programName(words[0] ?? "");
  if (!/^(npm|pnpm|yarn|bun)$/.test(name)) return undefined;
  const rest = words
    .slice(1)
    .filter(
      (word, index, all) => !word.startsWith("-") && !/^(--prefix|-C|--dir|--filter|-F|--workspace|-w|--cwd)$/.test(all[index - 1] ?? ""),
    );
  const [first = "", second] = rest;
  if (first === "run" || first === "run-script") return second;
  if (/^(start|test|stop|restart)$/.test(first)) return first;
  if (
    name === "npm" ||
    /^(install|add|ci|build|exec|dlx|x|i|remove|workspace|workspaces|why|set|config|cache|version|--version)$/.test(first)
  )
    return undefined;
  return first === "" ? undefined : first;
}
