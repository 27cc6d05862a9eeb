import type { Finding } from "./audit.ts";
import { healthcheckOf } from "./ask/probes.ts";
import { changesSchema, migrationOf } from "./ask/migrations.ts";
import type { Model } from "./model/model.ts";
import { inherited } from "./read/dockerfile.ts";
import type { Audited } from "./run.ts";

export type Priority = "high" | "medium" | "low" | "";

export interface Row {
  point: string;
  reference: string;
  subject: string;
  priority: Priority;
}

export interface Comparison {
  rows: Row[];
  /** What to do, quick wins first. */
  phases: { title: string; acts: string[] }[];
}

/** A point two applications are compared at: what is there, in a few words; undefined: nothing. */
interface Point {
  name: string;
  look(model: Model): string | undefined;
  /** Rules that say what is wrong with it. */
  rules: RegExp;
  /** How much it matters when it is missing. */
  weight: Exclude<Priority, "">;
  /** What closes the gap; `quick`: in minutes. */
  act: string;
  quick: boolean;
}

const points: Point[] = [
  {
    name: "Dockerfile",
    look: dockerfile,
    rules: /^image-(one-stage|secret|env-file|migrates)/,
    weight: "high",
    act: "aplomo init --generate writes a multi-stage Dockerfile and .dockerignore",
    quick: false,
  },
  {
    name: "user",
    look: user,
    rules: /^image-root/,
    weight: "medium",
    act: "add USER to the Dockerfile, and give the user the folders it writes to",
    quick: true,
  },
  {
    name: "entrypoint",
    look: entrypoint,
    rules: /^(entrypoint|start|install|grep|script|wait)-/,
    weight: "medium",
    act: "start the application itself, by exec, after set -e",
    quick: true,
  },
  {
    name: "health checks",
    look: checks,
    rules: /^(healthcheck-|service-no-healthcheck|image-no-healthcheck|depends-on|pg-isready)/,
    weight: "high",
    act: "give each service a healthcheck, and let others wait for service_healthy",
    quick: true,
  },
  {
    name: "health route",
    look: route,
    rules: /^health-no/,
    weight: "high",
    act: "aplomo init --generate writes a health route that asks the database within a limit",
    quick: false,
  },
  {
    name: "seed",
    look: seed,
    rules: /^(seed|default-admin)/,
    weight: "medium",
    act: "look rows up before creating them, delete nothing, run it once",
    quick: false,
  },
  {
    name: "migrations",
    look: migrations,
    rules: /^(migration|migrate|prisma|sql|concurrent|one-shot)/,
    weight: "high",
    act: "commit migrations, and run only the tool's deploy command: `migrate:` in aplomo.yml",
    quick: false,
  },
  {
    name: "volumes",
    look: volumes,
    rules: /^data-no-volume/,
    weight: "high",
    act: "mount a named volume at the database's data folder",
    quick: true,
  },
  {
    name: "secrets",
    look: secrets,
    rules: /^(secret|literal-secret|pm2-secret|compose-env|variable|env-|list-)/,
    weight: "high",
    act: "write ${NAME:?set it in .env} for every secret, and keep an .env.example",
    quick: true,
  },
  {
    name: "network",
    look: network,
    rules: /^(data-port|postgres-trust)/,
    weight: "medium",
    act: "publish no database port, or only on 127.0.0.1",
    quick: true,
  },
  {
    name: "restart and limits",
    look: limits,
    rules: /^(service-no-(restart|limits|log)|pm2-no-memory)/,
    weight: "medium",
    act: "add restart: unless-stopped, mem_limit and log rotation",
    quick: true,
  },
  {
    name: "shutdown",
    look: shutdown,
    rules: /^(timeline|no-signal|close-no|exception|image-shell|next-signals|pm2-)/,
    weight: "medium",
    act: "end by graceful() of @aplomo/runtime, with limits in order",
    quick: false,
  },
  {
    name: "logs",
    look: logs,
    rules: /^$/,
    weight: "low",
    act: "write structured logs (pino, winston, structlog), one line an event",
    quick: false,
  },
  {
    name: "backups",
    look: backups,
    rules: /^redis-/,
    weight: "high",
    act: "aplomo init: every deploy then backs up and counts the data",
    quick: true,
  },
  {
    name: "CI/CD",
    look: pipeline,
    rules: /^hook-/,
    weight: "medium",
    act: "aplomo init --generate writes a workflow that audits, tests, builds and deploys",
    quick: false,
  },
  { name: "deployment guide", look: guide, rules: /^$/, weight: "low", act: "aplomo init --generate writes a runbook", quick: false },
];

/** Two applications, point by point, and what the second lacks in an order that begins with what is quick and matters. */
export function compare(reference: Audited, subject: Audited): Comparison {
  const made = points.map((point) => {
    const [theirs, ours] = [point.look(reference.model), point.look(subject.model)];
    const found = subject.made.findings.filter((finding) => point.rules.test(finding.rule.id));
    const wrong = reference.made.findings.filter((finding) => point.rules.test(finding.rule.id));
    return { point, theirs, ours, found, wrong, priority: priorityOf(point, theirs, ours, found) };
  });
  const order: Priority[] = ["high", "medium", "low", ""];
  const rows = made
    .map(({ point, theirs, ours, found, wrong, priority }) => ({
      point: point.name,
      reference: cell(theirs, wrong),
      subject: cell(ours, found),
      priority,
    }))
    .sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority));
  const gaps = made.filter(({ priority }) => priority !== "").sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority));
  const acts = (wanted: (gap: (typeof gaps)[number]) => boolean): string[] =>
    gaps.filter(wanted).map(({ point, found, ours, priority }) => {
      const [first] = found;
      return `${point.name} (${priority}): ${ours !== undefined && first ? `${first.hint} (${first.place.file}:${first.place.line}, ${found.length} ${found.length === 1 ? "finding" : "findings"})` : point.act}`;
    });
  const phases = [
    { title: "quick wins", acts: acts(({ point, priority }) => point.quick && priority !== "low") },
    { title: "what a deploy stands on", acts: acts(({ point, priority }) => !point.quick && priority === "high") },
    { title: "afterwards", acts: acts(({ point, priority }) => (!point.quick && priority === "medium") || priority === "low") },
  ].filter((phase) => phase.acts.length > 0);
  return { rows, phases };
}

function priorityOf(point: Point, theirs: string | undefined, ours: string | undefined, found: readonly Finding[]): Priority {
  if (found.some((finding) => finding.severity === "error")) return "high";
  if (ours === undefined && theirs !== undefined) return point.weight;
  if (found.some((finding) => finding.severity === "warning")) return "medium";
  return found.length > 0 ? "low" : "";
}

function cell(text: string | undefined, found: readonly Finding[]): string {
  const grave = found.filter((finding) => finding.severity !== "info");
  const aside =
    grave.length > 0
      ? `, ${[...new Set(grave.map((finding) => finding.rule.id))].slice(0, 2).join(", ")}${grave.length > 2 ? " ..." : ""}`
      : "";
  return `${text ?? "none"}${aside}`;
}

function main(model: Model): Model["starts"][number] | undefined {
  const own = model.starts.filter((start) => !start.development && start.stage !== undefined);
  return own.find((start) => (start.service?.ports.length ?? 0) > 0) ?? own[0];
}

function dockerfile(model: Model): string | undefined {
  const file = main(model)?.dockerfile ?? model.dockerfiles[0];
  return file && `${file.stages.length} ${file.stages.length === 1 ? "stage" : "stages"} on ${file.stages.at(-1)?.image ?? ""}`;
}

function user(model: Model): string | undefined {
  const set = inherited(main(model)?.stage).findLast((one) => one.name === "USER");
  return set && `user ${set.body.trim()}`;
}

function entrypoint(model: Model): string | undefined {
  const start = main(model);
  const script = start?.commands.find(({ script }) => script.shell !== undefined)?.script;
  return script?.source.path ?? start?.command?.text.slice(0, 40);
}

function checks(model: Model): string | undefined {
  const all = model.services.filter((service) => service.kind !== "tool");
  const healthy = all.filter((service) => service.healthcheck?.test !== undefined || healthcheckOf(service.stage) !== undefined);
  if (healthy.length > 0) return `${healthy.length} of ${all.length} services`;
  return model.dockerfiles.some((file) => healthcheckOf(file.stages.at(-1)) !== undefined) ? "in the image" : undefined;
}

function route(model: Model): string | undefined {
  const file = model.code.find((code) =>
    /(^|\/)(health|healthz|status)(check)?(\/route|\/index)?\.[jt]sx?$|(^|\/)health\.py$/.test(code.source.path),
  );
  if (file) return file.source.path;
  const inside = model.code.find((code) => /["'`](?:\/api)?\/(?:health|healthz|health-?check|readyz?)["'`]/.test(code.source.text));
  return inside?.source.path;
}

function seed(model: Model): string | undefined {
  return model.code.find((code) => /(^|[/._-])seed([/._-]|$)/i.test(code.source.path))?.source.path;
}

function migrations(model: Model): string | undefined {
  const runs = model.starts.flatMap((start) => start.commands).find(({ words }) => changesSchema(migrationOf(words)));
  if (runs) return `\`${runs.words.slice(0, 3).join(" ")}\` at the start`;
  return model.aplomo?.kind === "map" && model.aplomo.entries.has("migrate")
    ? "by aplomo.yml"
    : model.sql.length > 0
      ? `${model.sql.length} files`
      : undefined;
}

function volumes(model: Model): string | undefined {
  const named = new Set(
    model.services.flatMap((service) => service.mounts.filter((mount) => mount.kind === "volume").map((mount) => mount.source)),
  );
  return named.size > 0 ? `${named.size} named` : undefined;
}

function secrets(model: Model): string | undefined {
  const example = model.envFiles.find((file) => file.example);
  return example?.source.path;
}

function network(model: Model): string | undefined {
  const count = model.services.filter((service) => service.keys.has("networks")).length;
  return count > 0 ? `${count} services in networks of their own` : model.services.length > 0 ? "the default network" : undefined;
}

function limits(model: Model): string | undefined {
  const restarts = model.services.filter((service) => service.keys.has("restart")).length;
  return restarts > 0 ? `${restarts} of ${model.services.length} services restart` : model.pm2.length > 0 ? "PM2" : undefined;
}

function shutdown(model: Model): string | undefined {
  const file = model.code.find((code) => /SIGTERM|@aplomo\/runtime|enableShutdownHooks/.test(code.source.text));
  return file && `handled in ${file.source.path}`;
}

function logs(model: Model): string | undefined {
  const names = ["pino", "winston", "bunyan", "log4js", "@nestjs/pino", "nestjs-pino", "structlog"];
  return names.find(
    (name) =>
      model.packages.some((one) => one.dependencies.has(name)) ||
      [...model.sources.values()].some((source) => /requirements|pyproject/.test(source.path) && source.text.includes(name)),
  );
}

function backups(model: Model): string | undefined {
  if (model.aplomo?.kind === "map" && model.aplomo.entries.has("databases")) return "by aplomo.yml, at every deploy";
  const script = [...model.scripts.values()].find(
    (one) =>
      one.commands.some((command) => /^(pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump)$/.test(command.words[0]?.value ?? "")) ||
      /backup/.test(one.source.path),
  );
  return script?.source.path ?? model.services.find((service) => /backup/.test(`${service.image} ${service.name}`))?.name;
}

function pipeline(model: Model): string | undefined {
  return (
    model.workflows[0]?.source.path ??
    [...model.paths].find((path) => /^(\.gitlab-ci\.yml|Jenkinsfile|\.circleci\/config\.yml)$/.test(path))
  );
}

function guide(model: Model): string | undefined {
  return [...model.paths].find((path) => /(^|\/)(deploy\w*|runbook|operations|production)[\w-]*\.md$/i.test(path));
}
