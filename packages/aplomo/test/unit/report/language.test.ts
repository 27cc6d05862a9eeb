import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { phases } from "../../../src/base/events.ts";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import { groups as commands, verbs } from "../../../src/cli/verbs.ts";
import { checks, groups } from "../../../src/report/checks.ts";
import { spanish } from "../../../src/report/lang/es/index.ts";
import { languageOf } from "../../../src/report/lang/language.ts";
import { english, speaker } from "../../../src/report/lang/say.ts";
import { literals, type Literal } from "../../support/literals.ts";
import { root } from "../../support/root.ts";

const sources = join(root, "packages/aplomo/src");
const say = speaker(spanish);
const all = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.includes("lang/"));

interface Placed extends Literal {
  where: string;
}

function inFiles(which: RegExp): Placed[] {
  return all
    .filter((file) => which.test(file))
    .flatMap((file) => literals(readFileSync(join(sources, file), "utf8")).map((one) => ({ ...one, where: `${file}:${one.line}` })));
}

/** What it would say: holes filled with something that no entry knows. */
const filled = (text: string): string => text.replaceAll("{}", "Xq-7");
const known = (text: string): boolean => Object.hasOwn(spanish, text) || say(filled(text)) !== filled(text);
const where = (found: readonly Placed[]): string[] => found.map(({ where: place, text }) => `${place}: ${text}`);

describe("Spanish", () => {
  it("has every sentence that the room of printers says", () => {
    const said = inFiles(/^(report|cli)\//).filter(
      ({ text, before }) => /\bsay\(?$/.test(before) && /[a-z]/i.test(text.replaceAll("{}", "")),
    );
    assert.ok(said.length > 180, "they are found");
    assert.deepEqual(where(said.filter(({ text }) => !Object.hasOwn(spanish, text))), []);
  });

  it("and no printer says a sentence of its own past it", () => {
    // What programs read (SARIF, JUnit, workflow commands, HTML), and Markdown of the audit, which is for reviews in English.
    const past = inFiles(/^report\/(?!audit\/(sarif|files)|page|html|style)/)
      .filter(({ before }) => !/\bsay\(?$|(from|import|case|===|!==) ?\(?$|\[$|type: $/.test(before))
      .filter(({ text }) => /[a-z]{3,}[^/:]* [a-z]{2,}/.test(text.replaceAll("{}", "")) && !known(text))
      // The keys of the table from a command to its printer.
      .filter(
        ({ text }) =>
          !commands.some(({ name }) => text.startsWith(`${name} `)) && !["doctor explain", "setup removed", "notify test"].includes(text),
      );
    assert.deepEqual(where(past), []);
  });

  it("has phases, outcomes, exit codes, the checklist, and the help of every command", () => {
    const its = [...verbs, ...commands, ...commands.flatMap((group) => group.verbs)];
    const options = its.flatMap((one) => ("options" in one ? (one.options ?? []) : [])).map(([, description]) => description);
    const words = [
      ...phases,
      "deployed",
      "rehearsed",
      "undone",
      "refused",
      "stuck",
      ...Object.values(exitCodes),
      ...Object.values(groups),
      ...checks.map(({ what }) => what),
      ...its.map(({ summary }) => summary),
      ...options,
    ];
    assert.deepEqual(
      words.filter((text) => !Object.hasOwn(spanish, text)),
      [],
    );
  });

  it("has every step of a plan", () => {
    const titles = inFiles(/^deploy\/(steps|gates)\//).filter(
      ({ text, before }) =>
        /\b(title|undoTitle): (.* [?:] )?$/s.test(before.split("\n").at(-1) ?? "") && text !== "{}: {}" && text !== "{}stop {}, {}{}",
    );
    assert.ok(titles.length > 35, `${titles.length}`);
    assert.deepEqual(where(titles.filter(({ text }) => !known(text) && !known(text.replace(/\{\}$/, "")))), []);
  });

  it("keeps what stands in the holes, and has as many of them", () => {
    for (const [key, value] of Object.entries(spanish)) {
      const holes = (text: string): number => text.match(/\{[\dn]*\}/g)?.length ?? 0;
      assert.equal(holes(value), holes(key), key);
    }
  });

  it("says the parts of a sentence that it knows, and leaves names and what it does not know alone", () => {
    assert.equal(
      say("could not pass the stability gate with web-1: it ended with exit code 0 and was restarted 3 times"),
      "no se superó el control de estabilidad con web-1: terminó con código de salida 0 y se reinició 3 veces",
    );
    assert.equal(
      say("back up database data, counted inside the same snapshot"),
      "copiar la base de datos data, contada dentro de la misma instantánea",
    );
    assert.equal(say("the moon is in the wrong house"), "the moon is in the wrong house");
    assert.equal(say`release ${"r7"}`, "versión r7");
    assert.equal(english`release ${"r7"}`, "release r7");
  });
});

it("the language is the one that was asked for, else the system's, else English", () => {
  assert.equal(languageOf({}), "en");
  assert.equal(languageOf({ LANG: "es_ES.UTF-8" }), "es");
  assert.equal(languageOf({ LANG: "es_ES.UTF-8", LC_ALL: "C.UTF-8" }), "en");
  assert.equal(languageOf({ LANG: "de_DE.UTF-8" }), "en");
  assert.equal(languageOf({ LANG: "en_GB.UTF-8", APLOMO_LANG: "es" }), "es");
});
