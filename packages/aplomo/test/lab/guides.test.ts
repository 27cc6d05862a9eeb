// The guides as a reader follows them: files written, commands typed in order. What needs a server or a panel is marked `sh server`:
// of that only the words are held to the program's own table of commands.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { groups, verbs } from "../../src/cli/verbs.ts";
import { pm2Rig } from "../support/agenda-pm2.ts";
import type { AgendaRig } from "../support/agenda.ts";
import { root } from "../support/root.ts";
import { run } from "../systems/workplace.ts";
import { load } from "../unit/config/folder.ts";

interface Block {
  language: string;
  /** `sh server`: true. */
  elsewhere: boolean;
  text: string;
}

const guides = readdirSync(join(root, "docs/guides")).map((name) => `guides/${name}`);
const all = [...guides, "es/PRIMEROS-PASOS.md"];
/** Those whose application is the agenda under PM2: everything in them is done; of all but the first with APLOMO_TEST_FULL. */
const followed = ["guides/PM2.md", "guides/FROM-PM2-DEPLOY.md", "guides/FROM-DEPLOY-SH.md", "es/PRIMEROS-PASOS.md"];

function blocksOf(guide: string): Block[] {
  const text = readFileSync(join(root, "docs", guide), "utf8");
  return [...text.matchAll(/^```(\w+)( server)?\n([^]*?)^```$/gm)].map(([, language = "", elsewhere, block = ""]) => ({
    language,
    elsewhere: elsewhere !== undefined,
    text: block,
  }));
}

/** What is typed: one entry a command, a here-document with its own. */
function commandsOf(text: string): string[] {
  if (text.includes("<<'END'")) return [text];
  return text.split("\n").filter((line) => line.trim() !== "");
}

for (const guide of all) {
  describe(guide, () => {
    const blocks = blocksOf(guide);

    it("names only commands and options that there are", () => {
      assert.ok(blocks.some(({ language }) => language === "sh"));
      for (const { text } of blocks.filter(({ language }) => language === "sh"))
        for (const [, line = ""] of text.matchAll(/^(?:exec )?aplomo ([^#>|\n]*)/gm)) {
          const [first = "", second = ""] = line.trim().split(/\s+/);
          if (first === "--version") continue;
          const group = groups.find(({ name }) => name === first);
          const verb = group ? group.verbs.find(({ name }) => name === second) : verbs.find(({ name }) => name === first);
          assert.ok(verb, `aplomo ${line}`);
          const known = new Set([...(verb.options ?? []).map(([flags]) => flags.split(" ")[0]), "--json", "--lang", "--help", "--config"]);
          for (const [option] of line.matchAll(/--[\w-]+/g)) assert.ok(known.has(option), `aplomo ${line}: ${option}`);
        }
    });

    it("shows files that are read without complaint", async () => {
      for (const { text } of blocks.filter(({ language, text: its }) => language === "yaml" && /^app:/m.test(its))) {
        const engine = /engine: (mariadb|mysql)/.test(text) ? "mysql" : "postgres";
        const env = `DATABASE_FILE=/srv/a.db\nDATABASE_URL=${engine}://a@b/c\n`;
        assert.match((await load({ "aplomo.yml": text, ".env": env })).settings.app, /^[a-z]+$/);
      }
    });
  });
}

for (const guide of followed) {
  const skip = guide !== followed[0] && !process.env["APLOMO_TEST_FULL"] && "a long round: script/test --full";
  describe(`${guide}, followed`, { skip }, () => {
    let rig: AgendaRig;
    before(async () => {
      rig = await pm2Rig();
      rig.configure(/watch: \w+/, "watch: 1s");
      await rig.assemble("v1");
    });
    after(() => rig?.close());

    it("ends every command as it says, and the application is in front", async () => {
      const file = join(rig.folder, "aplomo.yml");
      const bin = `aplomo() { ${process.execPath} ${join(root, ".cache/js/packages/aplomo/src/cli/bin.js")} "$@"; }; export -f aplomo\n`;
      const type = async (line: string): Promise<void> => {
        // What finds something ends with 1, and there is something to find in a folder that was just begun.
        const finds = /^aplomo (doctor|audit)/.test(line);
        const { code, output } = await run("bash", ["-c", `${bin}${line.replace("exec aplomo", "aplomo")}`], rig.folder, rig.env);
        assert.ok(code === 0 || (finds && code === 1), `${line}: exit code ${code}\n${output.slice(-2_500)}`);
      };
      await run("rm", ["-f", file], rig.folder, rig.env);
      for (const { language, elsewhere, text } of blocksOf(guide)) {
        if (elsewhere) continue;
        if (language === "yaml") await writeFile(file, text.replace("port: 3000", `port: ${rig.port}`).replace(/watch: \w+/, "watch: 1s"));
        if (language !== "sh") continue;
        for (const line of commandsOf(text)) {
          // There is a release to go back to by then.
          if (line.startsWith("aplomo rollback")) await type("aplomo deploy");
          await type(line);
        }
      }
      assert.equal((await rig.state()).version, "1.0.0");
      assert.ok(existsSync(join(rig.folder, "aplomo.yml")));
    });
  });
}
