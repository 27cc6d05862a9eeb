import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { audited } from "../../../src/deploy/steps/audited.ts";
import type { Work } from "../../../src/deploy/step.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-gate-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const ask = (gate: "error" | "warning"): Promise<unknown> => Promise.resolve(audited(gate).run({ config: { directory: folder } } as Work));

it("refuses what is as grave as the gate, and names place, rule and next act", async () => {
  const database =
    "services:\n  web:\n    image: a\n  db:\n    image: postgres:17\n    restart: always\n    healthcheck: { test: [CMD, pg_isready] }\n";
  await writeFile(join(folder, "compose.yml"), database);
  await assert.rejects(
    ask("error"),
    (error: { message: string; hint: string }) =>
      /compose\.yml:4: db has no volume.*data-no-volume/.test(error.message) && /aplomo audit/.test(error.hint),
  );
  await writeFile(
    join(folder, "compose.yml"),
    `${database}    volumes: [data:/var/lib/postgresql/data]\n    ports: ["5432:5432"]\nvolumes: { data: }\n`,
  );
  assert.match(JSON.stringify(await ask("error")), /"unread":0/);
  await assert.rejects(ask("warning"), /data-port-public/);
});
