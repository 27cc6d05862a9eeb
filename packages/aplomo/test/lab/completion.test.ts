import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { groups, verbs } from "../../src/cli/verbs.ts";
import { manual } from "../../src/cli/manual.ts";
import { need } from "../support/need.ts";
import { aplomo } from "../unit/cli/aplomo.ts";

const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;
let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "aplomo-completion-"))));
after(() => rm(folder, { recursive: true, force: true }));

/** What the real shell offers at the end of a line. */
const offers: Record<string, (line: string) => string[]> = {
  bash: (line) => [
    "--norc",
    "-c",
    `. ./aplomo.bash; COMP_WORDS=(${line.replace(/ $/, " ''")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _aplomo; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // Its own machinery shown to a script: what would be described is printed.
  zsh: (line) => [
    "-f",
    "-c",
    `autoload -Uz compinit; compdef() { :; }; _describe() { print -l -- "\${(@P)@[-1]}"; }; _files() { print files; }; compadd() { print -l -- "$@"; }
. ./aplomo.zsh; words=(${line.replace(/ $/, " ''")}); CURRENT=\${#words}; _aplomo`,
  ],
  fish: (line) => ["--no-config", "-c", `source ./aplomo.fish; complete --do-complete ${JSON.stringify(line)}`],
};

for (const [shell, argv] of Object.entries(offers)) {
  describe(`aplomo completion ${shell}`, { skip: need(has(shell), `no ${shell} on this machine`) }, () => {
    const offered = (line: string): Promise<string> =>
      new Promise((resolve) =>
        execFile(shell, argv(line), { cwd: folder, env: { ...process.env, HOME: folder } }, (_error, out, err) => resolve(out + err)),
      );
    before(async () => {
      const { code, stdout } = await aplomo(["completion", shell], folder);
      assert.equal(code, 0);
      await writeFile(join(folder, `aplomo.${shell}`), stdout);
    });

    it("offers commands, commands of a group, and the options of each", async () => {
      const first = await offered("aplomo ");
      for (const { name } of [...verbs, ...groups]) assert.match(first, new RegExp(`^${name}\\b`, "m"), first);
      const backup = await offered("aplomo backup ");
      for (const word of ["run", "drill", "restore"]) assert.match(backup, new RegExp(`^${word}\\b`, "m"));
      assert.doesNotMatch(backup, /^deploy\b/m);
      assert.match(await offered("aplomo deploy --"), /--env-only/);
      const options = await offered("aplomo backup restore --");
      assert.match(options, /--undo/);
      assert.doesNotMatch(options, /--env-only/);
    });

    it("sees past options and their values", async () => {
      assert.match(await offered("aplomo -c other.yml backup "), /^drill\b/m);
    });
  });
}

it("another shell is refused with those there are", async () => {
  const { code, stdout } = await aplomo(["completion", "tcsh"], folder);
  assert.deepEqual([code, /bash, zsh, fish/.test(stdout)], [2, true], stdout);
});

describe("the manual page", { skip: need(has("man"), "no man on this machine") }, () => {
  it("is read by man without a warning, and has every command and exit code", async () => {
    const file = join(folder, "aplomo.1");
    await writeFile(file, manual({ verbs, groups }));
    const { stdout, stderr } = spawnSync("man", ["--warnings", "-l", file], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C.UTF-8", MANWIDTH: "120", MANPAGER: "cat", MAN_KEEP_FORMATTING: "" },
    });
    assert.equal(stderr, "");
    const all = [...verbs.map(({ name }) => name), ...groups.flatMap(({ name, verbs: its }) => its.map((verb) => `${name} ${verb.name}`))];
    for (const name of all) assert.ok(stdout.includes(`aplomo ${name}`), name);
    for (const part of ["NAME", "EXIT STATUS", "130", "--env-only", "another operation holds"]) assert.ok(stdout.includes(part), part);
  });
});
