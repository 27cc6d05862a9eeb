// Written by script/rule from the files beside it.
import type { Rule } from "../rule.ts";
import { closeNoDeadline } from "./close-no-deadline.ts";
import { composeEnvMissing } from "./compose-env-missing.ts";
import { concurrentIndex } from "./concurrent-index.ts";
import { dataNoVolume } from "./data-no-volume.ts";
import { dataPortPublic } from "./data-port-public.ts";
import { defaultAdmin } from "./default-admin.ts";
import { dependsOnStarted } from "./depends-on-started.ts";
import { entrypointContinues } from "./entrypoint-continues.ts";
import { entrypointNoExec } from "./entrypoint-no-exec.ts";
import { envUndeclared } from "./env-undeclared.ts";
import { exceptionSwallowed } from "./exception-swallowed.ts";
import { exitOnImport } from "./exit-on-import.ts";
import { grepStopsScript } from "./grep-stops-script.ts";
import { healthNoDependency } from "./health-no-dependency.ts";
import { healthNoTimeout } from "./health-no-timeout.ts";
import { healthcheckPort } from "./healthcheck-port.ts";
import { healthcheckRoot } from "./healthcheck-root.ts";
import { healthcheckScript } from "./healthcheck-script.ts";
import { healthcheckStatus } from "./healthcheck-status.ts";
import { healthcheckTool } from "./healthcheck-tool.ts";
import { healthcheckVariable } from "./healthcheck-variable.ts";
import { hookNotInstalled } from "./hook-not-installed.ts";
import { hookOnlyGate } from "./hook-only-gate.ts";
import { imageEnvFile } from "./image-env-file.ts";
import { imageMigrates } from "./image-migrates.ts";
import { imageNoHealthcheck } from "./image-no-healthcheck.ts";
import { imageOneStage } from "./image-one-stage.ts";
import { imageRoot } from "./image-root.ts";
import { imageSecret } from "./image-secret.ts";
import { imageShellCmd } from "./image-shell-cmd.ts";
import { installAtStart } from "./install-at-start.ts";
import { listFormat } from "./list-format.ts";
import { literalSecret } from "./literal-secret.ts";
import { migrateThroughPooler } from "./migrate-through-pooler.ts";
import { migrationByGrep } from "./migration-by-grep.ts";
import { migrationDev } from "./migration-dev.ts";
import { migrationIgnored } from "./migration-ignored.ts";
import { mockDatabase } from "./mock-database.ts";
import { nextSignals } from "./next-signals.ts";
import { noSignalHandler } from "./no-signal-handler.ts";
import { nodeEnvDefault } from "./node-env-default.ts";
import { oneShotService } from "./one-shot-service.ts";
import { pgIsreadyTarget } from "./pg-isready-target.ts";
import { pm2ForkInstances } from "./pm2-fork-instances.ts";
import { pm2NoMemoryLimit } from "./pm2-no-memory-limit.ts";
import { pm2Npm } from "./pm2-npm.ts";
import { pm2ReadyUnsent } from "./pm2-ready-unsent.ts";
import { pm2Secret } from "./pm2-secret.ts";
import { postgresTrust } from "./postgres-trust.ts";
import { prismaProvider } from "./prisma-provider.ts";
import { prismaUnmigrated } from "./prisma-unmigrated.ts";
import { redisEviction } from "./redis-eviction.ts";
import { scriptLineEnds } from "./script-line-ends.ts";
import { secretFallback } from "./secret-fallback.ts";
import { secretPrinted } from "./secret-printed.ts";
import { seedDeletes } from "./seed-deletes.ts";
import { seedEveryStart } from "./seed-every-start.ts";
import { serviceNoHealthcheck } from "./service-no-healthcheck.ts";
import { serviceNoLimits } from "./service-no-limits.ts";
import { serviceNoLogRotation } from "./service-no-log-rotation.ts";
import { serviceNoRestart } from "./service-no-restart.ts";
import { sqlDestructive } from "./sql-destructive.ts";
import { sqlLocking } from "./sql-locking.ts";
import { startBackground } from "./start-background.ts";
import { startNpm } from "./start-npm.ts";
import { startPm2Daemon } from "./start-pm2-daemon.ts";
import { timeline } from "./timeline.ts";
import { urlUnencoded } from "./url-unencoded.ts";
import { variableSyntax } from "./variable-syntax.ts";
import { waitForItLax } from "./wait-for-it-lax.ts";
import { waitUnbounded } from "./wait-unbounded.ts";

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  closeNoDeadline,
  composeEnvMissing,
  concurrentIndex,
  dataNoVolume,
  dataPortPublic,
  defaultAdmin,
  dependsOnStarted,
  entrypointContinues,
  entrypointNoExec,
  envUndeclared,
  exceptionSwallowed,
  exitOnImport,
  grepStopsScript,
  healthNoDependency,
  healthNoTimeout,
  healthcheckPort,
  healthcheckRoot,
  healthcheckScript,
  healthcheckStatus,
  healthcheckTool,
  healthcheckVariable,
  hookNotInstalled,
  hookOnlyGate,
  imageEnvFile,
  imageMigrates,
  imageNoHealthcheck,
  imageOneStage,
  imageRoot,
  imageSecret,
  imageShellCmd,
  installAtStart,
  listFormat,
  literalSecret,
  migrateThroughPooler,
  migrationByGrep,
  migrationDev,
  migrationIgnored,
  mockDatabase,
  nextSignals,
  noSignalHandler,
  nodeEnvDefault,
  oneShotService,
  pgIsreadyTarget,
  pm2ForkInstances,
  pm2NoMemoryLimit,
  pm2Npm,
  pm2ReadyUnsent,
  pm2Secret,
  postgresTrust,
  prismaProvider,
  prismaUnmigrated,
  redisEviction,
  scriptLineEnds,
  secretFallback,
  secretPrinted,
  seedDeletes,
  seedEveryStart,
  serviceNoHealthcheck,
  serviceNoLimits,
  serviceNoLogRotation,
  serviceNoRestart,
  sqlDestructive,
  sqlLocking,
  startBackground,
  startNpm,
  startPm2Daemon,
  timeline,
  urlUnencoded,
  variableSyntax,
  waitForItLax,
  waitUnbounded,
];
