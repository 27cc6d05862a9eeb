import type { SuiteContext, TestContext } from "node:test";

/** In `beforeEach`: what is done after this test. Node leaves `afterEach` out when a test skips itself while it runs. */
export function ending(t: TestContext | SuiteContext, end: () => Promise<void>): void {
  (t as TestContext).after(end);
}
