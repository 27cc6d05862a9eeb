import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { phases } from "../../../src/base/events.ts";
import { root } from "../../support/root.ts";

/** Field name, with `?` where it may be absent, to its type. */
type Fields = Record<string, string>;

const source = readFileSync(join(root, "packages/aplomo/src/base/events.ts"), "utf8");
const page = readFileSync(join(root, "docs/EVENTS.md"), "utf8");
const declared = declaredEvents();
const sections = documentedSections();
const documented = Object.fromEntries(Object.entries(sections).filter(([title]) => title.startsWith("`")));

/** Every member of the union `Event`, by its type. */
function declaredEvents(): Record<string, Fields> {
  const union = /export type Event =([^;]*(?:;[^;]*?)*?);\n\n/s.exec(source)?.[1] ?? "";
  const members = [...union.matchAll(/\{([^}]*)\}/g)].map(([, body]) => fieldsOf(body ?? ""));
  return Object.fromEntries(members.map(({ type, ...fields }) => [(type ?? "").replaceAll('"', ""), fields]));
}

function declaredInterface(name: string): Fields {
  return fieldsOf(new RegExp(`export interface ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? "");
}

function fieldsOf(body: string): Fields {
  const lines = body.replace(/\/\*\*.*?\*\//gs, "").split(/;|\n/);
  const fields = lines.map((line) => /^\s*(\w+\??):\s*(.*?)\s*$/.exec(line)).filter((match) => match !== null);
  return Object.fromEntries(fields.map(([, name, type]) => [name, type]));
}

/** Every `###` section: its table of fields and its example. */
function documentedSections(): Record<string, { fields: Fields; example: string | undefined; text: string }> {
  const parts = page.split(/^### /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const text = part.split(/^## /m)[0] ?? "";
      const title = text.slice(0, text.indexOf("\n")).trim();
      const rows = [...text.matchAll(/^\| `(\w+\??)` \| `((?:[^`\\]|\\.)+)` \| (.+) \|$/gm)];
      const fields = Object.fromEntries(rows.map(([, name, type]) => [name ?? "", (type ?? "").replaceAll("\\|", "|")]));
      return [title, { fields, text, example: /```json\n(.*)\n```/.exec(text)?.[1] }];
    }),
  );
}

describe("docs/EVENTS.md", () => {
  it("is held against a union that could be read", () => {
    assert.ok(Object.keys(declared).length >= 15);
    assert.ok(Object.keys(declared).includes("deployment.finished"));
  });

  it("has a section for every event, and none for another", () => {
    assert.deepEqual(
      Object.keys(documented).toSorted(),
      Object.keys(declared)
        .map((type) => `\`${type}\``)
        .toSorted(),
    );
  });

  for (const [type, fields] of Object.entries(declared)) {
    it(`names every field of ${type}, with its type`, () => assert.deepEqual(sections[`\`${type}\``]?.fields, fields));

    it(`shows a line of ${type} as it is printed`, () => {
      const line = JSON.parse(sections[`\`${type}\``]?.example ?? "null") as Record<string, unknown>;
      const { at, type: shown, ...rest } = line;
      assert.equal(shown, type);
      assert.match(String(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual(Object.keys(line).slice(0, 2), ["at", "type"]);
      for (const name of Object.keys(fields)) if (!name.endsWith("?")) assert.ok(name in rest, `${name} is missing`);
      for (const name of Object.keys(rest)) assert.ok(name in fields || `${name}?` in fields, `${name} is no field`);
    });

    it(`says whether ${type} is journalled`, () => assert.match(sections[`\`${type}\``]?.text ?? "", /\b([Nn]ot j|J)ournalled\b/));
  }

  for (const name of ["StepNote", "FailureNote", "CauseNote"])
    it(`names every field of ${name}`, () => assert.deepEqual(sections[name]?.fields, declaredInterface(name)));

  it("lists the phases in order, and every outcome", () => {
    const listed = [...(sections["Phase"]?.text.matchAll(/`(\w+)`/g) ?? [])].map(([, word]) => word);
    assert.deepEqual(listed, [...phases]);
    const outcomes = [...(sections["Outcome"]?.text.matchAll(/^\| `(\w+)`/gm) ?? [])].map(([, word]) => word);
    const meant = [...(/export type Outcome =([^;]*);/.exec(source)?.[1]?.matchAll(/"(\w+)"/g) ?? [])].map(([, word]) => word);
    assert.deepEqual(new Set(outcomes), new Set(meant));
  });
});
