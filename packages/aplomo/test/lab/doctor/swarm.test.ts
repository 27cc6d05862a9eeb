import assert from "node:assert/strict";
import { it } from "node:test";
import { poll } from "../../../src/base/time.ts";
import { diagnoseSession } from "../../../src/deploy/diagnosis.ts";
import { openSession } from "../../../src/deploy/session.ts";
import { local } from "../../../src/host/local.ts";
import { removeBesides } from "../../support/swarm-ground.ts";
import { onManager, swarmRig, whyNoSwarm } from "../../support/swarm.ts";

it("doctor, of a swarm's tasks that fail in every way", { skip: (await whyNoSwarm()) ?? false }, async () => {
  const rig = await swarmRig();
  try {
    await rig.change({ version: "1" });
    // What the files give it, or that alone would be a cause.
    const good = ["--env", "BEHAVIOUR=good"];
    const here = ["--constraint", "node.hostname==s1"];
    const node = (code: string): string[] => ["node", "-e", code];
    // Each as Aplomo makes a release's service beside the user's.
    const ill: Record<string, { words?: string[]; image?: string; command?: string[]; rules: string[] }> = {
      r1: { words: [...here, "--env", "BEHAVIOUR=exits"], rules: ["exit-zero-loop"] },
      r2: { words: here, image: rig.image.replace(/:latest$/, ":nobody"), rules: ["image-missing"] },
      r3: { words: ["--constraint", "node.hostname==nowhere"], rules: ["no-node"] },
      r4: { words: [...here, ...good, "--health-cmd", "exit 1", "--health-interval", "1s", "--health-retries", "1"], rules: ["unhealthy"] },
      r5: {
        words: [...here, "--limit-memory", "48m"],
        command: node("const all = []; setInterval(() => all.push(Buffer.alloc(8e6, 1)), 5)"),
        rules: ["out-of-memory"],
      },
      r6: { words: here, command: ["no-such-program"], rules: ["command-missing"] },
      r7: { words: here, command: node("require('express')"), rules: ["module-missing"] },
    };
    const name = (release: string): string => `${rig.app}-aplomo-${release}`;
    for (const [release, { words = [], image = rig.image, command = [] }] of Object.entries(ill)) {
      const marks = [
        "--label",
        `aplomo.beside=${rig.app}`,
        "--container-label",
        `aplomo.release=${release}`,
        "--container-label",
        "aplomo.start=1",
      ];
      const create = ["service", "create", "--detach", "--quiet", "--no-resolve-image", "--restart-delay", "1s", "--name", name(release)];
      await onManager(...create, ...marks, ...words, image, ...command);
    }
    const context = { host: local, emit: () => {}, signal: new AbortController().signal, home: rig.folder, now: () => new Date() };
    const meant = Object.fromEntries(Object.entries(ill).map(([release, { rules }]) => [release, rules]));
    const seen: Record<string, Set<string>> = Object.fromEntries(Object.keys(ill).map((release) => [release, new Set<string>()]));
    // A task that has ended for a moment is nobody's, until it was begun anew: each cause is told sooner or later, and no other one.
    await poll(
      async () => {
        const { findings } = await diagnoseSession(await openSession(context, rig.config()));
        for (const { subject, rule } of findings) {
          const release = Object.keys(ill).find((one) => subject === `${name(one)}.1`);
          if (release) seen[release]?.add(rule);
        }
        return Object.entries(meant).every(([release, rules]) => rules.every((rule) => seen[release]?.has(rule))) || undefined;
      },
      { limit: 90_000, every: 1_000 },
    );
    const told = Object.fromEntries(Object.entries(seen).map(([release, rules]) => [release, [...rules]]));
    for (const [release, rules] of Object.entries(meant))
      for (const rule of rules) assert.ok(told[release]?.includes(rule), JSON.stringify(told));
    console.log(`doctor over a swarm: ${JSON.stringify(told)}`);
  } finally {
    await removeBesides(rig.app);
    await rig.close();
  }
});
