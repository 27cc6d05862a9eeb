import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rules as auditRules } from "../../../src/audit/rules/index.ts";
import { exampleFiles } from "../../../src/audit/rule.ts";
import { timelineText, timelines } from "../../../src/audit/timeline.ts";
import { loadModel } from "../../../src/audit/model/load.ts";
import { memoryTree } from "../../../src/audit/tree/memory.ts";
import { points } from "../../../src/audit/compare/points.ts";
import { describe as about, everyKey, isOptional } from "../../../src/config/shape.ts";
import { diagnose } from "../../../src/doctor/diagnose.ts";
import { groups, rules as doctorRules } from "../../../src/doctor/rules/index.ts";
import { contracted, spanish } from "../../../src/report/lang/es/index.ts";
import { operations } from "../../../src/report/lang/es/operations.ts";
import { speaker } from "../../../src/report/lang/say.ts";
import { leftOver } from "../../support/left-over.ts";
import { literals, type Literal } from "../../support/literals.ts";
import { root } from "../../support/root.ts";
import { auditFiles, casesOf } from "../audit/cases.ts";
import { cases as configurations } from "../config/cases.ts";
import { complaints } from "../config/folder.ts";
import { cases as troubles } from "../doctor/cases.ts";
import { observed } from "../doctor/seen.ts";

const say = speaker(spanish, contracted);
const sources = join(root, "packages/aplomo/src");

/** What of these is said in English, or half in English. */
function foreign(texts: Iterable<string>, quoted = ""): string[] {
  return [...new Set(texts)].flatMap((text) => {
    const said = say(text);
    // What a program said, or stands in a configuration, is left as it is.
    const ours = said.split(/: |\. /).filter((one) => !quoted.includes(one));
    const word = leftOver(ours.join(". "));
    return word === undefined && (said !== text || leftOver(text) === undefined) ? [] : [`${text}\n    → ${said} (${word ?? "unchanged"})`];
  });
}

const none = (found: string[]): void => assert.equal(found.length, 0, `without Spanish:\n${found.join("\n")}`);

describe("in Spanish", () => {
  it("is every rule of the audit, and all that it says of its cases", () => {
    none(
      foreign(auditRules.flatMap(({ title, why, incident, area }) => [title, why, area, ...(incident === undefined ? [] : [incident])])),
    );
    for (const rule of auditRules) {
      const found = casesOf(rule)
        .filter(({ isTrap }) => !isTrap)
        .flatMap(({ files }) => auditFiles(exampleFiles(files, "bad"), [rule]).findings);
      assert.ok(found.length > 0, rule.id);
      none(
        foreign(
          found.flatMap(({ message, hint, related, fix }) => [
            message,
            hint,
            ...related.map((one) => one.message),
            ...(fix === undefined ? [] : [fix.title]),
          ]),
        ),
      );
    }
    const model = loadModel(memoryTree(exampleFiles(auditRules.find(({ id }) => id === "timeline")?.example ?? {}, "bad")));
    const lines = timelines(model);
    assert.ok(lines.length > 0);
    none(foreign(lines.flatMap((line) => [line.start.name, timelineText(line)])));
    none(foreign(points.flatMap(({ name, act }) => [name, act])));
  });

  it("is every cause of the doctor, what shows it in our words, and the next act", () => {
    none(foreign([...groups.map(({ title }) => title), ...doctorRules.flatMap(({ title, why, next }) => [title, why, next])]));
    for (const [id, own] of Object.entries(troubles)) {
      const findings = own.flatMap(([seen]) => diagnose(observed(seen)).findings).filter(({ rule }) => rule === id);
      assert.ok(findings.length > 0, id);
      none(
        foreign(
          findings.flatMap(({ message, next }) => [message, next]),
          JSON.stringify(own),
        ),
      );
    }
  });

  it("is everything that is wrong in aplomo.yml and its env file", async () => {
    const lines: string[] = [];
    const quoted = Object.values(configurations)
      .flat()
      .map(({ yml }) => yml)
      .join("\n");
    for (const { yml, env, shell } of Object.values(configurations).flat())
      lines.push(...(await complaints({ "aplomo.yml": yml, ...(env === undefined ? {} : { ".env": env }) }, shell)));
    assert.ok(lines.length > 100, `${lines.length}`);
    none(foreign(lines, quoted));
    const required = everyKey().flatMap(({ path, shape }) => {
      const words = about(shape);
      return isOptional(shape) || words === undefined ? [] : [`Add \`${path.split(".").at(-1)}:\` (${words.replace(/\.$/, "")})`];
    });
    assert.ok(required.length > 40, `${required.length}`);
    none(foreign(required));
  });

  it("is everything that could not be done, with its cause and the next act", () => {
    const all = spoken(
      /\b(operation|cause|hint|message|reason|next): (?:.*[?:] )?$|\b(?:hint|cause|message|reason|why|said) = (?:.*[?:] )?$/s,
    );
    assert.ok(all.length > 900, `${all.length}`);
    const isKnown = ({ text, before }: Literal): boolean =>
      /\boperation: (?:[^,]*[?:] )?$/.test(before)
        ? text in operations || text.startsWith("pass the ") || /^\{\}( \{\})*( in)?$/.test(text)
        : inSpanish(text);
    none(all.filter((one) => !isKnown(one)).map(({ where, text }) => `${where}: ${text}`));
  });
});

interface Placed extends Literal {
  where: string;
}

/** Sentences that stand behind such words in the engine's sources. The agent's messages and pages are in English. */
function spoken(behind: RegExp): Placed[] {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      name.endsWith(".ts") &&
      !/^(report|agent)\/|^audit\/generate\/|examples\/|^config\/schema\.ts|^cli\/(manual|completion|verbs|.*-verbs)/.test(name),
  );
  return files
    .flatMap((file) => literals(readFileSync(join(sources, file), "utf8")).map((one) => ({ ...one, where: `${file}:${one.line}` })))
    .filter(
      ({ text, before }) =>
        behind.test(before.split("\n").at(-1) ?? "") &&
        // A sentence; a command (`git push`) is none.
        (/^[A-Z][a-z]+ \S/.test(text) || (/[a-z]{2,}\b.* [a-z]{2,}/i.test(text) && leftOver(text.replaceAll("{}", "X")) !== undefined)),
    );
}

/** As it stands, or with what goes before it or comes after it elsewhere. */
function inSpanish(text: string): boolean {
  const shapes = [text, text.replace(/\{\}$/, ""), `{}${text}`, `{} ${text}`, `{} ${text.replace(/\{\}$/, "")}`];
  const filled = text.replaceAll("{}", "Xq-7");
  return shapes.some((shape) => Object.hasOwn(spanish, shape)) || (say(filled) !== filled && foreign([filled]).length === 0);
}
