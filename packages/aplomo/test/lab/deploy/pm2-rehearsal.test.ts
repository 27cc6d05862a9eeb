import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pm2Rig } from "../../support/agenda-pm2.ts";
import { rehearsalScenarios } from "./rehearsals.ts";

/** Copies beside the database's file. */
rehearsalScenarios("pm2", false, pm2Rig, async (rig) => {
  const names = await readdir(join(dirname(rig.folder), "data"));
  return names.filter((name) => name.includes("aplomo_"));
});
