import { openJournal } from "../../../src/deploy/journal.ts";

/** A process of its own for journal.test.ts: writes until it is killed, and says which line was taken. */
const journal = await openJournal(process.argv[2] ?? "", () => new Date());
for (let seq = 0; ; seq++) {
  journal.append({ type: "step.started", step: `s${seq}`, phase: "prepare", title: "x".repeat(200) });
  process.send?.(seq);
  await new Promise((resolve) => setImmediate(resolve));
}
