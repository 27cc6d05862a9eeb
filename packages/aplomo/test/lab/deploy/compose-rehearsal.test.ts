import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { markOf } from "../../../src/host/mark.ts";
import { composeRig } from "../../support/agenda-compose.ts";
import { docker } from "../../support/compose.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { rehearsalScenarios } from "./rehearsals.ts";

/** Containers, networks, volumes, folders and databases of any rehearsal of this home: another test may rehearse an agenda meanwhile. */
rehearsalScenarios(
  "compose",
  whyNoCompose("V2") ?? false,
  () => composeRig(1),
  async (rig) => {
    const lists = [
      ["ps", "-a", "--format", "{{.Names}}"],
      ["network", "ls", "--format", "{{.Name}}"],
      ["volume", "ls", "--format", "{{.Name}}"],
    ];
    const names = (await Promise.all(lists.map((args) => docker(...args)))).join("\n").split("\n");
    const home = String(rig.env["APLOMO_HOME"]);
    const folders = await readdir(join(home, "rehearsals")).catch(() => []);
    return [...names.filter((name) => name.startsWith(`aplomo-rehearsal-agenda-${markOf(home)}`)), ...folders];
  },
  // A table of somebody whom a fresh server does not know.
  {
    prepare: (rig) =>
      docker(
        "exec",
        `agenda-${rig.port}-db-1`,
        "psql",
        "-Xq",
        "-U",
        "agenda",
        "-d",
        "agenda",
        "-c",
        "CREATE ROLE reporter LOGIN PASSWORD 'x'; CREATE TABLE notes (id integer); ALTER TABLE notes OWNER TO reporter;",
      ),
  },
);
