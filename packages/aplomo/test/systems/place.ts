import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../support/root.ts";

const exec = promisify(execFile);

/** What a command printed, as a person sees it, and how it ended. */
export interface Typed {
  line: string;
  code: number;
  output: string;
}

/** One of the five systems in a folder of its own, where a newcomer would have cloned this repository. */
export interface Place {
  name: string;
  folder: string;
  /** `APLOMO_HOME`: beside the folder, unless the given environment says otherwise. */
  home: string;
  env: NodeJS.ProcessEnv;
  /** A line as it is typed in a terminal; whatever it ends with is an outcome. */
  type(line: string): Promise<Typed>;
  /** As `type`, and it must end with this exit code. */
  expect(code: number, line: string): Promise<string>;
  /** The commands of README.md's path, one after the other; each must succeed. */
  follow(): Promise<Typed[]>;
  /** Replaces text in a file; it must be there. */
  edit(file: string, from: string | RegExp, to: string): Promise<void>;
  close(): Promise<void>;
}

/** What of a line, or of a file that a line copies, is another in the lab: host names, ports and images that cannot be had. */
export type Substitutions = readonly (readonly [from: string | RegExp, to: string])[];

/** `program`: another build of the command line than the compiled one, such as what is published. */
export async function place(name: string, substitutions: Substitutions, env: NodeJS.ProcessEnv = {}, program?: string): Promise<Place> {
  const top = await mkdtemp(join(tmpdir(), `aplomo-${name}-`));
  const folder = join(top, "examples", name);
  const home = env["APLOMO_HOME"] ?? join(top, "home");
  await copyExample(name, top);
  await shims(join(top, "bin"), name, program ?? join(root, ".cache/js/packages/aplomo/src/cli/bin.js"));
  const substituted = (text: string): string => substitutions.reduce((before, [from, to]) => before.replaceAll(asGlobal(from), to), text);
  for (const file of [".env.example", "envs/.env.example", "aplomo.yml"].filter((one) => existsSync(join(folder, one)))) {
    await writeFile(join(folder, file), substituted(await readFile(join(folder, file), "utf8")));
  }
  const self: Place = {
    name,
    folder,
    home,
    env: {
      ...process.env,
      APLOMO_HOME: home,
      NO_COLOR: "1",
      NEXT_TELEMETRY_DISABLED: "1",
      // Prisma would download its engine for migrations to do anything, though it needs none to write its client.
      PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
      CHECKPOINT_DISABLE: "1",
      ...env,
      PATH: `${join(top, "bin")}:${process.env["PATH"]}`,
    },
    async type(line) {
      try {
        const { stdout, stderr } = await exec("bash", ["-c", line], { cwd: folder, env: self.env, maxBuffer: 1 << 26 });
        return { line, code: 0, output: stdout + stderr };
      } catch (error) {
        const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
        return { line, code: typeof code === "number" ? code : -1, output: `${stdout}${stderr}` };
      }
    },
    async expect(code, line) {
      const typed = await self.type(line);
      assert.equal(typed.code, code, `${line}\n${typed.output.slice(-4_000)}`);
      return typed.output;
    },
    async follow() {
      const typed: Typed[] = [];
      for (const line of pathOf(await readFile(join(folder, "README.md"), "utf8"))) {
        const one = await self.type(substituted(line));
        assert.equal(one.code, 0, `${line}\n${one.output.slice(-4_000)}`);
        typed.push(one);
      }
      return typed;
    },
    async edit(file, from, to) {
      const before = await readFile(join(folder, file), "utf8");
      const after = before.replace(from, to);
      assert.notEqual(after, before, `${file} has nothing like ${from}`);
      await writeFile(join(folder, file), after);
    },
    close: () => rm(top, { recursive: true, force: true }),
  };
  return self;
}

/** The commands of the fenced `sh` blocks below "The newcomer's path". */
export function pathOf(readme: string): string[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith("The newcomer's path"));
  assert.ok(section, "README.md has no newcomer's path");
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text ?? "");
  return blocks.flatMap((text) => text.split("\n")).filter((line) => line !== "" && !line.startsWith("#"));
}

function asGlobal(from: string | RegExp): string | RegExp {
  return typeof from === "string" || from.global ? from : new RegExp(from.source, `${from.flags}g`);
}

/** The example, and the package of this repository that it may use, where both stand in a clone. */
async function copyExample(name: string, top: string): Promise<void> {
  const left = new Set(["node_modules", ".next", ".env", "vendor", "__pycache__"]);
  const source = join(root, "examples", name);
  await cp(source, join(top, "examples", name), { recursive: true, filter: (path) => path === source || !left.has(basename(path)) });
  for (const part of ["package.json", "dist", "bin"]) {
    await cp(join(root, "packages/runtime", part), join(top, "packages/runtime", part), { recursive: true });
  }
}

/** `aplomo` is this build's. `npm ci` is npm's own, in a folder of the lab's that is kept for as long as the lock file stays the same. */
async function shims(folder: string, name: string, program: string): Promise<void> {
  await mkdir(folder);
  const kept = join(process.env["APLOMO_LAB_HOME"] ?? tmpdir(), "examples");
  const npm = (await exec("sh", ["-c", "command -v npm"])).stdout.trim();
  const put = async (program: string, text: string): Promise<void> => {
    await writeFile(join(folder, program), text);
    await chmod(join(folder, program), 0o755);
  };
  // APLOMO_TEST_WITHIN: words of a command that runs it elsewhere, such as in another machine's network.
  await put("aplomo", `#!/bin/sh\nexec $APLOMO_TEST_WITHIN "${process.execPath}" "${program}" "$@"\n`);
  const runtime = createHash("sha256");
  for (const file of (await readdir(join(root, "packages/runtime/dist"), { recursive: true })).toSorted((a, b) => (a < b ? -1 : 1))) {
    if (file.endsWith(".js")) runtime.update(await readFile(join(root, "packages/runtime/dist", file)));
  }
  const lines = [
    "#!/bin/bash",
    "set -eu",
    `[ "$1" = ci ] || exec "${npm}" "$@"`,
    "here=$PWD",
    `key=$({ cat package.json package-lock.json; echo "$*" ${runtime.digest("hex").slice(0, 16)}; } | sha256sum | cut -c 1-16)`,
    `kept="${kept}/${name}-$(basename "$here")-$key"`,
    'if [ ! -d "$kept/node_modules" ]; then',
    // Beside it, so that a run that is killed leaves no half folder.
    '  work="$kept.$$/a/b"; mkdir -p "$work"; cp package.json package-lock.json "$work"; [ ! -e .npmrc ] || cp .npmrc "$work"',
    '  [ ! -d ../../packages ] || cp -r ../../packages "$kept.$$"',
    `  (cd "$work" && "${npm}" "$@" --ignore-scripts --no-audit --no-fund --loglevel=error)`,
    '  mkdir -p "$kept"; mv "$work/node_modules" "$kept/" || true; rm -rf "$kept.$$"',
    "fi",
    'rm -rf node_modules; cp -al "$kept/node_modules" node_modules 2>/dev/null || cp -a "$kept/node_modules" node_modules',
  ];
  await put("npm", `${lines.join("\n")}\n`);
}
