import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { afterEach, describe, test } from "node:test";
import { local } from "../../src/host/local.ts";
import { readImageFiles, type ImagePath } from "../../src/targets/image-files.ts";
import { docker } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";
import { poll } from "../../src/base/time.ts";

const modules = {
  files: new URL("../../src/targets/image-files.js", import.meta.url),
  local: new URL("../../src/host/local.js", import.meta.url),
};

/** A reader that is busy copying for as long as it lives. */
const reader = (path: ImagePath): string => `
  const { readImageFiles } = await import(${JSON.stringify(modules.files)});
  const { local } = await import(${JSON.stringify(modules.local)});
  const attempt = (command, signal) => command.argv.includes("cp") ? new Promise(() => setInterval(() => {}, 1000)) : local.attempt(command, signal);
  await readImageFiles({ ...local, attempt }, ${JSON.stringify(path)});
`;

describe("reading files of an image", { skip: whyNoCompose("V2") ?? false }, () => {
  const owner = `t${randomBytes(5).toString("hex")}`;
  const path = (name: string): ImagePath => ({
    image: "aplomo-lab/node:latest",
    reference: "aplomo-lab/node:latest",
    home: "/etc",
    path: "apt",
    owner,
    name: `${owner}-aplomo-files-${name}`,
  });
  const containers = async (): Promise<string[]> =>
    (await docker("ps", "--all", "--format", "{{.Names}}", "--filter", `name=${owner}`)).split("\n").filter(Boolean).sort();
  const started: ReturnType<typeof spawn>[] = [];
  const begin = async (name: string): Promise<ReturnType<typeof spawn>> => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", reader(path(name))], { stdio: "ignore" });
    started.push(child);
    const there = async (): Promise<true | undefined> => (await containers()).includes(path(name).name) || undefined;
    assert.ok(await poll(there, { limit: 60_000, every: 100 }), `${name} made no container`);
    return child;
  };
  afterEach(async () => {
    for (const child of started) child.kill("SIGKILL");
    for (const name of await containers()) await docker("rm", "--force", name);
  });

  test("what a killed reader has left goes with the next reading, and another that still reads is let be", async () => {
    const killed = await begin("killed");
    await begin("busy");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    assert.deepEqual(await containers(), [path("busy").name, path("killed").name]);
    const { files } = await readImageFiles(local, path("now"));
    assert.ok(
      Object.keys(files).some((name) => name.startsWith("sources.list")),
      Object.keys(files).join(),
    );
    assert.deepEqual(await containers(), [path("busy").name]);
  });
});
