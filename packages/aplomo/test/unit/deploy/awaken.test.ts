import assert from "node:assert/strict";
import { it } from "node:test";
import { AplomoError } from "../../../src/base/errors.ts";
import { awaken } from "../../../src/deploy/awaken.ts";
import { work } from "./work.ts";

it("asks until the engine and every database answer again", async () => {
  const asked: string[] = [];
  const answers = (name: string, failures: number) => async (): Promise<never> => {
    asked.push(name);
    if (failures-- > 0) throw new AplomoError({ operation: "reach", subject: name });
    return {} as never;
  };
  const databases = [{ check: answers("one", 1) }, { check: answers("two", 0) }];
  await awaken(work({ target: { wakeData: answers("engine", 1) }, databases }));
  assert.deepEqual(asked, ["engine", "engine", "one", "engine", "one", "two"]);
});
