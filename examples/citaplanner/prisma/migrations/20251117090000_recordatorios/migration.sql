-- Additive, with a default: the version before goes on working.
ALTER TABLE "citas" ADD COLUMN "reminded" BOOLEAN NOT NULL DEFAULT false;
