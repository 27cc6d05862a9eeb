import type { Catalogue } from "../../say.ts";
import { backups } from "./backups.ts";
import { commands } from "./commands.ts";
import { compose } from "./compose.ts";
import { configuration } from "./configuration.ts";
import { databases } from "./databases.ts";
import { deploy } from "./deploy.ts";
import { edges } from "./edges.ts";
import { files } from "./files.ts";
import { found } from "./found.ts";
import { host } from "./host.ts";
import { keys } from "./keys.ts";
import { pm2 } from "./pm2.ts";
import { relations } from "./relations.ts";
import { remote } from "./remote.ts";
import { required } from "./required.ts";
import { stores } from "./stores.ts";
import { swarm } from "./swarm.ts";

export const errors: Catalogue = {
  ...backups,
  ...commands,
  ...compose,
  ...configuration,
  ...databases,
  ...deploy,
  ...edges,
  ...files,
  ...found,
  ...host,
  ...keys,
  ...pm2,
  ...relations,
  ...remote,
  ...required,
  ...stores,
  ...swarm,
};
