import type { MigrationTool } from "../contract.ts";
import { alembic } from "./alembic.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { folder, ownRunner } from "./folder.ts";
import { knex } from "./knex.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { prisma } from "./prisma.ts";
import { sequelize } from "./sequelize.ts";
import { typeorm } from "./typeorm.ts";

/** Every tool there is. Where the tables of two are there, or the files could be of two, the first one is meant. */
export const tools: readonly MigrationTool[] = [
  prisma,
  drizzle,
  flyway,
  alembic,
  typeorm,
  sequelize,
  knex,
  nodePgMigrate,
  folder,
  ownRunner,
];
