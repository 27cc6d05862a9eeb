import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";

// FAULT: a password that everybody knows, used whenever the variable is missing.
const connectionString = process.env.DATABASE_URL || "postgres://postgres:postgres@db:5432/escalafin";

export const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
