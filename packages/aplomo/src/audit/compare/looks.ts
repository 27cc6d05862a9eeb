import { counted } from "../../base/count.ts";
import { changesSchema, migrationOf } from "../ask/migrations.ts";
import { healthcheckOf } from "../ask/probes.ts";
import type { Model } from "../model/model.ts";
import { inherited } from "../read/dockerfile.ts";

function main(model: Model): Model["starts"][number] | undefined {
  const own = model.starts.filter((start) => !start.development && start.stage !== undefined);
  return own.find((start) => (start.service?.ports.length ?? 0) > 0) ?? own[0];
}

export function dockerfile(model: Model): string | undefined {
  const file = main(model)?.dockerfile ?? model.dockerfiles[0];
  return file && `${counted(file.stages.length, "stage")} on ${file.stages.at(-1)?.image ?? ""}`;
}

export function user(model: Model): string | undefined {
  const set = inherited(main(model)?.stage).findLast((one) => one.name === "USER");
  return set && `user ${set.body.trim()}`;
}

export function entrypoint(model: Model): string | undefined {
  const start = main(model);
  const script = start?.commands.find(({ script }) => script.shell !== undefined)?.script;
  return script?.source.path ?? start?.command?.text.slice(0, 40);
}

export function checks(model: Model): string | undefined {
  const all = model.services.filter((service) => service.kind !== "tool");
  const healthy = all.filter((service) => service.healthcheck?.test !== undefined || healthcheckOf(service.stage) !== undefined);
  if (healthy.length > 0) return `${healthy.length} of ${counted(all.length, "service")}`;
  return model.dockerfiles.some((file) => healthcheckOf(file.stages.at(-1)) !== undefined) ? "in the image" : undefined;
}

export function route(model: Model): string | undefined {
  const file = model.code.find((code) =>
    /(^|\/)(health|healthz|status)(check)?(\/route|\/index)?\.[jt]sx?$|(^|\/)health\.py$/.test(code.source.path),
  );
  if (file) return file.source.path;
  const inside = model.code.find((code) => /["'`](?:\/api)?\/(?:health|healthz|health-?check|readyz?)["'`]/.test(code.source.text));
  return inside?.source.path;
}

export function seed(model: Model): string | undefined {
  return model.code.find((code) => /(^|[/._-])seed([/._-]|$)/i.test(code.source.path))?.source.path;
}

export function migrations(model: Model): string | undefined {
  const runs = model.starts.flatMap((start) => start.commands).find(({ words }) => changesSchema(migrationOf(words)));
  if (runs) return `\`${runs.words.slice(0, 3).join(" ")}\` at the start`;
  return model.aplomo?.kind === "map" && model.aplomo.entries.has("migrate")
    ? "by aplomo.yml"
    : model.sql.length > 0
      ? counted(model.sql.length, "file")
      : undefined;
}

export function volumes(model: Model): string | undefined {
  const named = new Set(
    model.services.flatMap((service) => service.mounts.filter((mount) => mount.kind === "volume").map((mount) => mount.source)),
  );
  return named.size > 0 ? `${named.size} named` : undefined;
}

export function secrets(model: Model): string | undefined {
  const example = model.envFiles.find((file) => file.example);
  return example?.source.path;
}

export function network(model: Model): string | undefined {
  const count = model.services.filter((service) => service.keys.has("networks")).length;
  return count > 0 ? `${counted(count, "service")} in a network of its own` : model.services.length > 0 ? "the default network" : undefined;
}

export function limits(model: Model): string | undefined {
  const restarts = model.services.filter((service) => service.keys.has("restart")).length;
  return restarts > 0 ? `restarts: ${restarts} of ${counted(model.services.length, "service")}` : model.pm2.length > 0 ? "PM2" : undefined;
}

export function shutdown(model: Model): string | undefined {
  const file = model.code.find((code) => /SIGTERM|@aplomo\/runtime|enableShutdownHooks/.test(code.source.text));
  return file && `handled in ${file.source.path}`;
}

export function logs(model: Model): string | undefined {
  const names = ["pino", "winston", "bunyan", "log4js", "@nestjs/pino", "nestjs-pino", "structlog"];
  return names.find(
    (name) =>
      model.packages.some((one) => one.dependencies.has(name)) ||
      [...model.sources.values()].some((source) => /requirements|pyproject/.test(source.path) && source.text.includes(name)),
  );
}

export function backups(model: Model): string | undefined {
  if (model.aplomo?.kind === "map" && model.aplomo.entries.has("databases")) return "by aplomo.yml, at every deploy";
  const script = [...model.scripts.values()].find(
    (one) =>
      one.commands.some((command) => /^(pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump)$/.test(command.words[0]?.value ?? "")) ||
      /backup/.test(one.source.path),
  );
  return script?.source.path ?? model.services.find((service) => /backup/.test(`${service.image} ${service.name}`))?.name;
}

export function pipeline(model: Model): string | undefined {
  return (
    model.workflows[0]?.source.path ??
    [...model.paths].find((path) => /^(\.gitlab-ci\.yml|Jenkinsfile|\.circleci\/config\.yml)$/.test(path))
  );
}

export function guide(model: Model): string | undefined {
  return [...model.paths].find((path) => /(^|\/)(deploy\w*|runbook|operations|production)[\w-]*\.md$/i.test(path));
}
