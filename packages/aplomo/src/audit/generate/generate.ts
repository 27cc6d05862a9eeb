import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { healthcheckOf } from "../ask/probes.ts";
import type { Model } from "../model/model.ts";
import { auditFolder } from "../run.ts";
import { bootFile, healthRoute, pm2File } from "./application.ts";
import { compose, envExample } from "./compose.ts";
import { appFacts, type AppFacts } from "./facts.ts";
import { dockerfile, dockerignore } from "./image.ts";
import { applyMigrations } from "./prisma.ts";
import { runbook, workflow } from "./operations.ts";

/** A file that is missing, and its text. */
export interface Missing {
  path: string;
  text: string;
  why: string;
}

/** What an application lacks to be deployed. What is there is never replaced. */
export function missing(model: Model, facts: AppFacts): Missing[] {
  const hasCompose = model.projects.length > 0;
  const health = healthRoute(facts);
  const hasRoute =
    model.code.some(
      (code) =>
        /["'`](?:\/api)?\/(?:health|healthz|health-?check|readyz?)["'`]|@aplomo\/runtime/.test(code.source.text) ||
        /(^|\/)health(z|check)?(\/route)?\.[jt]sx?$/.test(code.source.path),
    ) || model.dockerfiles.some((file) => healthcheckOf(file.stages.at(-1)) !== undefined);
  const inContainers = !facts.pm2 || hasCompose || model.dockerfiles.length > 0;
  return [
    ...(inContainers && model.dockerfiles.length === 0
      ? [{ path: "Dockerfile", text: dockerfile(facts), why: "builds in stages, runs as nobody in particular, is asked for its health" }]
      : []),
    ...(model.sources.has(".dockerignore") || !inContainers
      ? []
      : [{ path: ".dockerignore", text: dockerignore, why: "keeps secrets and history out of the image" }]),
    ...(hasCompose || !inContainers
      ? []
      : [
          {
            path: "compose.yml",
            text: compose(facts),
            why: "services that wait for each other, keep their data and come back after a reboot",
          },
        ]),
    ...(model.envFiles.some((file) => file.example)
      ? []
      : [{ path: ".env.example", text: envExample(facts, inContainers), why: "names what has to be set" }]),
    ...(hasRoute ? [] : [{ ...health, why: "the health route: 200, or 503 with the reason" }]),
    ...(model.pm2.length > 0 || !facts.pm2
      ? []
      : [
          {
            path: "ecosystem.config.cjs",
            text: pm2File(facts),
            why: "for a server with PM2 instead of Docker; each value with its reason",
          },
        ]),
    ...(facts.applies === undefined || model.paths.has(facts.applies)
      ? []
      : [{ path: facts.applies, text: applyMigrations, why: "applies Prisma's migrations with the driver alone, in Prisma's own table" }]),
    ...(facts.runtime && !model.paths.has("aplomo.boot.json")
      ? [{ path: "aplomo.boot.json", text: bootFile(facts), why: "what aplomo-boot does before the application starts" }]
      : []),
    ...(model.workflows.length > 0
      ? []
      : [{ path: ".github/workflows/deploy.yml", text: workflow(facts), why: "audits, tests, builds and deploys" }]),
    ...([...model.paths].some((path) => /runbook/i.test(path))
      ? []
      : [{ path: "docs/RUNBOOK.md", text: runbook(facts), why: "where things are, and what to do first" }]),
  ];
}

/** Writes what is missing, and gives it back. */
export async function generate(folder: string): Promise<Missing[]> {
  const { model } = auditFolder(folder);
  const facts = appFacts(model, folder);
  if (!facts) {
    throw new UsageError({
      operation: "write files for",
      subject: folder,
      cause: "there is neither a package.json nor a requirements.txt",
      hint: "run it in the application's folder",
    });
  }
  const files = missing(model, facts);
  const written: Missing[] = [];
  for (const file of files) {
    const path = join(folder, file.path);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.text, { flag: "wx" });
    written.push(file);
  }
  return written;
}
