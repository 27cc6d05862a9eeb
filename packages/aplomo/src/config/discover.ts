import { basename } from "node:path";
import { UsageError } from "../base/errors.ts";
import { dockerfileOf, findCompose, kindOf } from "./discovery/compose.ts";
import { findDatabases } from "./discovery/databases.ts";
import type { Finds } from "./discovery/finds.ts";
import { openFolder, type Folder } from "./discovery/folder.ts";
import { findHealth } from "./discovery/health.ts";
import { findMigration } from "./discovery/migration.ts";
import { findPort } from "./discovery/port.ts";
import { findProgram } from "./discovery/program.ts";
import { findVariables } from "./discovery/variables.ts";
import { write } from "./discovery/write.ts";

/** A first aplomo.yml for a folder: what was found, and marked with `# ?` what is a guess. Only reads. */
export async function discover(folder: string): Promise<{ text: string; reasons: string[] }> {
  const finds = await look(openFolder(folder));
  return { text: write(finds), reasons: reasons(finds) };
}

async function look(folder: Folder): Promise<Finds> {
  const program = await findProgram(folder);
  const found = await findCompose(folder);
  // Who keeps an ecosystem file runs PM2; a compose file beside it is usually the database for development.
  const compose = program !== undefined && /^(ecosystem|pm2|processes)/.test(program.from) ? undefined : found;
  if (!compose && !program) {
    throw new UsageError({
      operation: "find an application in",
      subject: folder.path,
      cause: "there is no compose file, ecosystem.config.js, package.json with a start script, nor a server.js",
      hint: "run it in the application's folder, or write aplomo.yml by hand: docs/CONFIGURATION.md shows every key",
    });
  }
  const services = (compose?.services ?? []).filter((service) => kindOf(service) === "app");
  const main = services.find((service) => service.published) ?? services.find((service) => service.port !== undefined) ?? services[0];
  const app = appName(compose?.project ?? program?.name ?? basename(folder.path));
  const variables = await findVariables(folder, compose);
  const databases = await findDatabases(folder, app, compose, variables.values);
  const scripts = program?.scripts ?? {};
  const asked = main?.healthPath === undefined ? undefined : { path: main.healthPath, from: `the health check of ${main.name}` };
  return {
    app,
    compose,
    services,
    main,
    program: compose ? undefined : program,
    port: compose ? (main?.port ?? (await findPort(folder, dockerfileOf(main)))) : program?.port,
    variables,
    databases,
    migration: await findMigration(folder, scripts, databases[0]?.engine),
    seed: scripts["seed"] !== undefined || scripts["db:seed"] !== undefined,
    health: asked ?? (await findHealth(folder)),
  };
}

function appName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/^@[^/]*\//, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return plain.slice(0, 40) || "app";
}

/** One sentence for each thing that was found. */
function reasons(finds: Finds): string[] {
  const { compose, program, variables, health, migration, port } = finds;
  const said: string[] = [];
  if (compose) {
    said.push(`${compose.files.join(" and ")}: the target is docker compose, project ${compose.project}`);
    if (compose.others.length > 0) said.push(`${compose.others.join(", ")}: not used, add what production needs to target.files`);
    said.push(
      `a release replaces ${finds.services.map((service) => service.name).join(", ") || "no service yet: add them to target.services"}`,
    );
    for (const service of compose.services) {
      if (kindOf(service) === "data")
        said.push(`service ${service.name} (${service.image}) holds data that this version cannot back up: it is left alone`);
      if (kindOf(service) === "front") said.push(`service ${service.name} (${service.image}) stands in front and is left alone`);
    }
  }
  if (program) {
    said.push(`${program.from}: PM2 starts ${program.script}${program.guessed ? ", which is a guess" : ""}`);
    if (program.others.length > 0)
      said.push(`${program.from} starts ${program.others.join(", ")} too: one aplomo.yml describes one of them`);
  }
  said.push(port === undefined ? "no port was found: 3000 is a guess" : `it listens on port ${port}`);
  said.push(...finds.databases.map((database) => database.reason));
  if (finds.databases.length === 0) said.push("no database was found: nothing would be backed up");
  if (migration) said.push(`${migration.from}: the schema is migrated by \`${migration.run.join(" ")}\``);
  if (health) said.push(`${health.from}: health is asked at ${health.path}`);
  if (variables.rules.length > 0) said.push(`the app cannot do without ${variables.rules.map((rule) => rule.name).join(", ")}`);
  if (variables.file !== undefined && !variables.exists)
    said.push(`${variables.file} is not there yet${variables.example ? `: copy ${variables.example} and fill it in` : ""}`);
  return said;
}
