import type { Model } from "../model/model.ts";
import * as looks from "./looks.ts";

/** A point two applications are compared at: what is there, in a few words; undefined: nothing. */
export interface Point {
  name: string;
  look(model: Model): string | undefined;
  /** Rules that say what is wrong with it. */
  rules: RegExp;
  /** How much it matters when it is missing. */
  weight: "high" | "medium" | "low";
  /** What closes the gap; `quick`: in minutes. */
  act: string;
  quick: boolean;
}

export const points: readonly Point[] = [
  {
    name: "Dockerfile",
    look: looks.dockerfile,
    rules: /^image-(one-stage|secret|env-file|migrates)/,
    weight: "high",
    act: "aplomo init --generate writes a multi-stage Dockerfile and .dockerignore",
    quick: false,
  },
  {
    name: "user",
    look: looks.user,
    rules: /^image-root/,
    weight: "medium",
    act: "add USER to the Dockerfile, and give the user the folders it writes to",
    quick: true,
  },
  {
    name: "entrypoint",
    look: looks.entrypoint,
    rules: /^(entrypoint|start|install|grep|script|wait)-/,
    weight: "medium",
    act: "start the application itself, by exec, after set -e",
    quick: true,
  },
  {
    name: "health checks",
    look: looks.checks,
    rules: /^(healthcheck-|service-no-healthcheck|image-no-healthcheck|depends-on|pg-isready)/,
    weight: "high",
    act: "give each service a healthcheck, and let others wait for service_healthy",
    quick: true,
  },
  {
    name: "health route",
    look: looks.route,
    rules: /^health-no/,
    weight: "high",
    act: "aplomo init --generate writes a health route that asks the database within a limit",
    quick: false,
  },
  {
    name: "seed",
    look: looks.seed,
    rules: /^(seed|default-admin)/,
    weight: "medium",
    act: "look rows up before creating them, delete nothing, run it once",
    quick: false,
  },
  {
    name: "migrations",
    look: looks.migrations,
    rules: /^(migration|migrate|prisma|sql|concurrent|one-shot)/,
    weight: "high",
    act: "commit migrations, and run only the tool's deploy command: `migrate:` in aplomo.yml",
    quick: false,
  },
  {
    name: "volumes",
    look: looks.volumes,
    rules: /^data-no-volume/,
    weight: "high",
    act: "mount a named volume at the database's data folder",
    quick: true,
  },
  {
    name: "secrets",
    look: looks.secrets,
    rules: /^(secret|literal-secret|pm2-secret|compose-env|variable|env-|list-)/,
    weight: "high",
    act: "write ${NAME:?set it in .env} for every secret, and keep an .env.example",
    quick: true,
  },
  {
    name: "network",
    look: looks.network,
    rules: /^(data-port|postgres-trust)/,
    weight: "medium",
    act: "publish no database port, or only on 127.0.0.1",
    quick: true,
  },
  {
    name: "restart and limits",
    look: looks.limits,
    rules: /^(service-no-(restart|limits|log)|pm2-no-memory)/,
    weight: "medium",
    act: "add restart: unless-stopped, mem_limit and log rotation",
    quick: true,
  },
  {
    name: "shutdown",
    look: looks.shutdown,
    rules: /^(timeline|no-signal|close-no|exception|image-shell|next-signals|pm2-)/,
    weight: "medium",
    act: "end by graceful() of @aplomo/runtime, with limits in order",
    quick: false,
  },
  {
    name: "logs",
    look: looks.logs,
    rules: /^$/,
    weight: "low",
    act: "write structured logs (pino, winston, structlog), one line an event",
    quick: false,
  },
  {
    name: "backups",
    look: looks.backups,
    rules: /^redis-/,
    weight: "high",
    act: "aplomo init: every deploy then backs up and counts the data",
    quick: true,
  },
  {
    name: "CI/CD",
    look: looks.pipeline,
    rules: /^hook-/,
    weight: "medium",
    act: "aplomo init --generate writes a workflow that audits, tests, builds and deploys",
    quick: false,
  },
  { name: "deployment guide", look: looks.guide, rules: /^$/, weight: "low", act: "aplomo init --generate writes a runbook", quick: false },
];
