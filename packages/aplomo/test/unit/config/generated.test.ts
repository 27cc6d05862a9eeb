import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { checkEnvironment } from "../../../src/config/environment.ts";
import { describe, everyKey } from "../../../src/config/shape.ts";
import { root } from "../../support/root.ts";
import { load } from "./folder.ts";

const examples = join(root, "packages/aplomo/src/config/examples");

async function example(name: string): Promise<string> {
  return await readFile(join(examples, name), "utf8");
}

it("the JSON Schema and docs/CONFIGURATION.md are what script/schema.mjs makes", async () => {
  const script = pathToFileURL(join(root, "script/schema.mjs")).href;
  const { generate } = (await import(script)) as { generate: () => Promise<{ path: string; content: string }[]> };
  for (const { path, content } of await generate()) {
    assert.equal(await readFile(join(root, path), "utf8"), content, `${path}: run node script/schema.mjs`);
  }
});

const references = { compose: "compose", pm2: "pm2", swarm: "swarm", traefik: "compose" };

for (const [name, kind] of Object.entries(references)) {
  it(`reference-${name}.yml loads, and the example env file keeps its contract`, async () => {
    const config = await load({
      "aplomo.yml": await example(`reference-${name}.yml`),
      ".env": await example("reference.env"),
      ".env.example": "SESSION_SECRET=changeme\n",
    });
    assert.equal(config.settings.target.kind, kind);
    assert.deepEqual(checkEnvironment(config), []);
  });
}

it("the examples show every key of the schema", async () => {
  const shown = new Set<string>();
  for (const name of Object.keys(references)) collect(parse(await example(`reference-${name}.yml`)), [], shown);
  const missing = everyKey().filter(({ path }) => ![...shown].some((key) => matches(path, key)));
  assert.deepEqual(
    missing.map(({ path }) => path),
    [],
  );
});

it("every key says what it is for", () => {
  assert.deepEqual(
    everyKey()
      .filter(({ shape }) => describe(shape) === undefined)
      .map(({ path }) => path),
    [],
  );
});

/** Every path of a value, with what is between the keys as `everyKey` writes it. */
function collect(value: unknown, path: string[], into: Set<string>): void {
  into.add(path.join("."));
  if (Array.isArray(value)) for (const item of value) collect(item, [...path.slice(0, -1), `${path.at(-1) ?? ""}[]`], into);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], into);
}

function matches(pattern: string, key: string): boolean {
  const wanted = pattern.split(".");
  const parts = key.split(".");
  return wanted.length === parts.length && wanted.every((part, index) => part === "*" || part === parts[index]);
}
