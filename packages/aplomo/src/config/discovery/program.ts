import type { Folder } from "./folder.ts";
import { findPort } from "./port.ts";

/** A program that PM2 could run. */
export interface ProgramFind {
  name: string | undefined;
  /** The file that says so. */
  from: string;
  script: string;
  args: string[];
  /** Nothing names the script; it is the likeliest of the files that are here. */
  guessed: boolean;
  instances: number | undefined;
  cluster: boolean;
  port: number | undefined;
  waitsForReady: boolean;
  /** Milliseconds its ecosystem file gives it to end. */
  killTimeout: number | undefined;
  install: string[] | undefined;
  /** Scripts of package.json. */
  scripts: Record<string, string>;
  /** More applications that its ecosystem file starts. */
  others: string[];
}

const likely = [
  "server.js",
  "index.js",
  "app.js",
  "main.js",
  "src/server.js",
  "src/index.js",
  "dist/server.js",
  "dist/index.js",
  "dist/main.js",
];

export async function findProgram(folder: Folder): Promise<ProgramFind | undefined> {
  const manifest = await readManifest(folder);
  const ecosystem = (await folder.names()).find((name) =>
    /^(ecosystem\.config|pm2\.config|ecosystem|processes)\.(c?js|mjs|json)$/.test(name),
  );
  const declared = ecosystem === undefined ? undefined : readEcosystem((await folder.text(ecosystem)) ?? "");
  const started = readStart(manifest?.scripts["start"]) ?? readMain(manifest?.main);
  const here = await folder.first(likely);
  const found = declared ?? started ?? (here === undefined ? undefined : { script: here, args: [] });
  const from = declared ? ecosystem : manifest && started ? "package.json" : here;
  if (found === undefined || from === undefined) return undefined;
  return {
    instances: undefined,
    cluster: false,
    waitsForReady: false,
    killTimeout: undefined,
    others: [],
    ...found,
    name: declared?.name ?? manifest?.name,
    from,
    guessed: declared === undefined && started === undefined,
    port: declared?.port ?? (await findPort(folder)),
    install: manifest?.hasDependencies ? await installCommand(folder) : undefined,
    scripts: manifest?.scripts ?? {},
  };
}

interface Manifest {
  name: string | undefined;
  main: string | undefined;
  scripts: Record<string, string>;
  hasDependencies: boolean;
}

async function readManifest(folder: Folder): Promise<Manifest | undefined> {
  try {
    const json = JSON.parse((await folder.text("package.json")) ?? "null") as Record<string, unknown> | null;
    if (json === null || typeof json !== "object") return undefined;
    const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
    const scripts = Object.entries((json["scripts"] ?? {}) as Record<string, unknown>);
    return {
      name: text(json["name"]),
      main: text(json["main"]),
      scripts: Object.fromEntries(scripts.flatMap(([name, line]) => (typeof line === "string" ? [[name, line]] : []))),
      hasDependencies: Object.keys(json["dependencies"] ?? {}).length > 0,
    };
  } catch {
    return undefined;
  }
}

type Started = Pick<ProgramFind, "script" | "args">;

/** `node --flag server.js arg`, `next start`. What it runs through a shell or another script is not followed. */
function readStart(line: string | undefined): Started | undefined {
  const words = (line ?? "").trim().split(/\s+/);
  if (/[;&|<>$`"']/.test(line ?? "")) return undefined;
  while (/^(\w+=\S*|cross-env)$/.test(words[0] ?? "")) words.shift();
  if (words[0] === "next") return { script: "node_modules/next/dist/bin/next", args: words.slice(1) };
  if (words[0] !== "node") return undefined;
  const script = words.slice(1).find((word) => !word.startsWith("-"));
  return script === undefined ? undefined : { script, args: words.slice(words.indexOf(script) + 1) };
}

function readMain(main: string | undefined): Started | undefined {
  return main === undefined ? undefined : { script: main, args: [] };
}

type Declared = Started & Pick<ProgramFind, "name" | "instances" | "cluster" | "port" | "waitsForReady" | "killTimeout" | "others">;

/** Read as text, not run: `aplomo init` only looks. */
function readEcosystem(text: string): Declared | undefined {
  const code = text.replace(/^\s*\/\/.*$/gm, "").replace(/\/\*.*?\*\//gs, "");
  const all = (key: string): string[] =>
    [...code.matchAll(new RegExp(`["']?\\b${key}["']?\\s*:\\s*["'\`]([^"'\`]+)["'\`]`, "g"))].map(([, value]) => value ?? "");
  const one = (key: string): number | undefined => {
    const value = new RegExp(`["']?\\b${key}["']?\\s*:\\s*["']?(\\d+)`).exec(code)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const [script] = all("script");
  if (script === undefined) return undefined;
  const [args] = all("args");
  const [name, ...others] = all("name");
  return {
    name,
    others,
    script: script.replace(/^\.\//, ""),
    args: args === undefined ? [] : args.split(/\s+/),
    instances: one("instances") || undefined,
    cluster: /exec_mode["']?\s*:\s*["']cluster/.test(code),
    port: one("PORT"),
    killTimeout: one("kill_timeout"),
    waitsForReady: /wait_ready["']?\s*:\s*true/.test(code),
  };
}

async function installCommand(folder: Folder): Promise<string[] | undefined> {
  if (await folder.has("package-lock.json")) return ["npm", "ci", "--omit=dev"];
  if (await folder.has("pnpm-lock.yaml")) return ["pnpm", "install", "--frozen-lockfile", "--prod"];
  if (await folder.has("yarn.lock")) return ["yarn", "install", "--frozen-lockfile"];
  return ["npm", "install", "--omit=dev"];
}
