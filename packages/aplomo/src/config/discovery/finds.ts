import type { ComposeFind, Service } from "./compose.ts";
import type { DatabaseFind } from "./databases.ts";
import type { MigrationFind } from "./migration.ts";
import type { ProgramFind } from "./program.ts";
import type { VariablesFind } from "./variables.ts";

/** Everything a first aplomo.yml is written from. */
export interface Finds {
  app: string;
  compose: ComposeFind | undefined;
  /** What a release replaces. */
  services: Service[];
  /** The service that answers requests. */
  main: Service | undefined;
  program: ProgramFind | undefined;
  port: number | undefined;
  variables: VariablesFind;
  databases: DatabaseFind[];
  migration: MigrationFind | undefined;
  seed: boolean;
  health: { path: string; from: string } | undefined;
}
