import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { it } from "node:test";
import { rules } from "../../../src/audit/rules/index.ts";
import { seeded } from "../../support/random.ts";
import { auditFiles, casesOf, folder } from "./cases.ts";

/** Long rounds on request; a short one always. */
const budget = process.env["APLOMO_TEST_FULL"] ? 60_000 : 1_500;
/** No text of this size may take as long as this: what goes wrong here takes minutes. */
const limit = 5_000;

const kinds: Record<string, { path: string; beside: Record<string, string>; pieces: string[] }> = {
  Dockerfile: {
    path: "Dockerfile",
    beside: {},
    pieces: [
      "FROM a AS b\n",
      "FROM b\n",
      "RUN <<EOF\n",
      "EOF\n",
      "\\\n",
      "`",
      "# escape=`\n",
      "ENV A=",
      "CMD [",
      '"a"]',
      "HEALTHCHECK CMD ",
      "COPY . .",
      "\r\n",
      "${A:-",
      "}",
      "$",
      '"',
      "'",
      "\u0000",
      "\uD800",
      "ONBUILD ",
    ],
  },
  shell: {
    path: "entrypoint.sh",
    beside: { Dockerfile: 'FROM node:22-slim\nCOPY entrypoint.sh ./\nENTRYPOINT ["./entrypoint.sh"]\n' },
    pieces: [
      "$(",
      ")",
      "`",
      '"',
      "'",
      "${",
      "}",
      "<<EOF\n",
      "EOF\n",
      "if ",
      "fi\n",
      "while ",
      "do ",
      "done\n",
      "case x in\n",
      ";;\n",
      "esac\n",
      "f() {",
      "}\n",
      "&&",
      "||",
      "|",
      "&\n",
      "\\\n",
      "$((",
      "))",
      "set -e\n",
      "npx prisma migrate deploy",
      "exec ",
      "\r\n",
      "# ",
      "<(",
      "[[ ",
    ],
  },
  YAML: {
    path: "compose.yml",
    beside: { Dockerfile: "FROM node:22-slim\n" },
    pieces: [
      "services:\n",
      "  web:\n",
      "    image: ",
      "&a ",
      "*a",
      "<<: *a\n",
      "- ",
      "[",
      "]",
      "{",
      "}",
      ":",
      "\n",
      "  ",
      "!reset ",
      "|\n",
      ">\n",
      '"',
      "'",
      "---\n",
      "    ports:\n",
      "    volumes:\n",
      "${A:-",
      "$$",
      "\t",
      "? ",
      "extends: web\n",
      "    command: ",
    ],
  },
};

const seeds = Object.fromEntries(Object.keys(kinds).map((name) => [name, [] as string[]]));
for (const rule of rules) {
  for (const { files } of casesOf(rule)) {
    for (const [path, text] of Object.entries(files)) {
      const name = /Dockerfile/.test(path) ? "Dockerfile" : path.endsWith(".sh") ? "shell" : /compose/.test(path) ? "YAML" : undefined;
      if (name) seeds[name]?.push(text);
    }
  }
}

for (const [name, { path, beside, pieces }] of Object.entries(kinds)) {
  it(`${name} by chance: no throw, no hang`, { timeout: budget + 60_000 }, () => {
    const seed = Number(process.env["APLOMO_TEST_SEED"] ?? 20_261_122);
    const random = seeded(seed);
    const end = performance.now() + budget;
    let round = 0;
    for (; performance.now() < end; round++) {
      const text = mutate(seeds[name] ?? [], pieces, random);
      const from = performance.now();
      try {
        auditFiles({ ...beside, [path]: text }, rules);
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}: ${JSON.stringify(text)}`, { cause: error });
      }
      assert.ok(
        performance.now() - from < limit,
        `seed ${seed}, round ${round} took ${performance.now() - from} ms: ${JSON.stringify(text.slice(0, 2_000))}`,
      );
    }
    assert.ok(round > 10);
  });
}

/** A text that is right, cut, doubled, and with pieces of the language put anywhere. */
function mutate(texts: readonly string[], pieces: readonly string[], random: () => number): string {
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  let text = pick(texts) ?? "";
  for (let count = 1 + Math.floor(random() * 8); count > 0; count--) {
    const at = Math.floor(random() * (text.length + 1));
    const to = Math.min(text.length, at + Math.floor(random() * 40));
    const kind = random();
    if (kind < 0.5) text = text.slice(0, at) + (pick(pieces) ?? "").repeat(random() < 0.05 ? 2_000 : 1) + text.slice(at);
    else if (kind < 0.7) text = text.slice(0, at) + text.slice(to);
    else if (kind < 0.85) text = text.slice(0, to) + text.slice(at);
    else text += pick(texts) ?? "";
  }
  return text.slice(0, 200_000);
}

it("there is something to begin with", () => {
  for (const [name, texts] of Object.entries(seeds)) assert.ok(texts.length > 10, name);
  assert.ok(readdirSync(folder).every((file) => readFileSync(join(folder, file), "utf8").length > 0));
});
