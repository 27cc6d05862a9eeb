import { join } from "node:path";
import { root } from "./root.ts";

/** The command line that tests start; `APLOMO_TEST_CLI` names another build: what users run, which starts in less than half the time. */
export const cli: string = process.env["APLOMO_TEST_CLI"] ?? join(root, ".cache/js/packages/aplomo/src/cli/bin.js");

/** The same of the engine that dies (dying-engine.ts). */
export const dyingEngine: string = process.env["APLOMO_TEST_DYING"] ?? join(root, ".cache/js/packages/aplomo/test/support/dying-engine.js");
