import type { Rule } from "../rule.ts";
import { backupMissing } from "./backup-missing.ts";
import { backupOld } from "./backup-old.ts";
import { backupUnproven } from "./backup-unproven.ts";
import { badGateway } from "./bad-gateway.ts";
import { certificate } from "./certificate.ts";
import { clock } from "./clock.ts";
import { commandMissing } from "./command-missing.ts";
import { copyBehind } from "./copy-behind.ts";
import { databaseAbsent } from "./database-absent.ts";
import { databaseConnections } from "./database-connections.ts";
import { databaseLocked } from "./database-locked.ts";
import { databasePassword } from "./database-password.ts";
import { databaseUnreachable } from "./database-unreachable.ts";
import { deployRefused } from "./deploy-refused.ts";
import { deploymentUnfinished } from "./deployment-unfinished.ts";
import { diskFull } from "./disk-full.ts";
import { edgeDown } from "./edge-down.ts";
import { edgeElsewhere } from "./edge-elsewhere.ts";
import { edgeHolding } from "./edge-holding.ts";
import { edgeNetwork } from "./edge-network.ts";
import { environmentDiffers } from "./environment-differs.ts";
import { exitZeroLoop } from "./exit-zero-loop.ts";
import { fileMissing } from "./file-missing.ts";
import { folderGone } from "./folder-gone.ts";
import { healthcheckTool } from "./healthcheck-tool.ts";
import { heapLimit } from "./heap-limit.ts";
import { hostRefused } from "./host-refused.ts";
import { imageMissing } from "./image-missing.ts";
import { imageOld } from "./image-old.ts";
import { inodesFull } from "./inodes-full.ts";
import { invariantBroken } from "./invariant-broken.ts";
import { killed } from "./killed.ts";
import { lineEnds } from "./line-ends.ts";
import { listFormat } from "./list-format.ts";
import { listensElsewhere } from "./listens-elsewhere.ts";
import { listensLocalhost } from "./listens-localhost.ts";
import { listensNowhere } from "./listens-nowhere.ts";
import { lockDead } from "./lock-dead.ts";
import { memoryNear } from "./memory-near.ts";
import { migrationHalf } from "./migration-half.ts";
import { moduleKind } from "./module-kind.ts";
import { moduleMissing } from "./module-missing.ts";
import { nameUnknown } from "./name-unknown.ts";
import { nativeCrash } from "./native-crash.ts";
import { nativeModule } from "./native-module.ts";
import { noNode } from "./no-node.ts";
import { nodeVersion } from "./node-version.ts";
import { notExecutable } from "./not-executable.ts";
import { oneShotCommand } from "./one-shot-command.ts";
import { openFiles } from "./open-files.ts";
import { outOfMemory } from "./out-of-memory.ts";
import { pm2GivenUp } from "./pm2-given-up.ts";
import { portTaken } from "./port-taken.ts";
import { publicError } from "./public-error.ts";
import { publicSilent } from "./public-silent.ts";
import { readOnly } from "./read-only.ts";
import { releaseIncomplete } from "./release-incomplete.ts";
import { restartLoop } from "./restart-loop.ts";
import { rowsMissing } from "./rows-missing.ts";
import { schemaBehind } from "./schema-behind.ts";
import { scriptGone } from "./script-gone.ts";
import { secretMissing } from "./secret-missing.ts";
import { secretShort } from "./secret-short.ts";
import { stopped } from "./stopped.ts";
import { unhandledException } from "./unhandled-exception.ts";
import { unhealthy } from "./unhealthy.ts";
import { unitMissing } from "./unit-missing.ts";
import { variableWrong } from "./variable-wrong.ts";
import { volumeAnonymous } from "./volume-anonymous.ts";
import { volumePermission } from "./volume-permission.ts";
import { wrongArchitecture } from "./wrong-architecture.ts";

/** Every rule, as docs/TROUBLESHOOTING.md lists them: what is asked first, and told first. */
export const groups: readonly { title: string; rules: readonly Rule[] }[] = [
  {
    title: "A unit does not start, or ends",
    rules: [
      exitZeroLoop,
      oneShotCommand,
      commandMissing,
      notExecutable,
      imageMissing,
      noNode,
      wrongArchitecture,
      lineEnds,
      moduleMissing,
      fileMissing,
      moduleKind,
      nativeModule,
      outOfMemory,
      heapLimit,
      memoryNear,
      killed,
      nativeCrash,
      portTaken,
      pm2GivenUp,
      folderGone,
      scriptGone,
      nodeVersion,
      unhandledException,
      restartLoop,
      stopped,
      unitMissing,
    ],
  },
  { title: "The environment and the image", rules: [secretMissing, secretShort, listFormat, variableWrong, environmentDiffers, imageOld] },
  {
    title: "502, and what stands in front",
    rules: [
      listensLocalhost,
      listensElsewhere,
      listensNowhere,
      edgeNetwork,
      edgeDown,
      edgeElsewhere,
      edgeHolding,
      hostRefused,
      publicSilent,
      nameUnknown,
      certificate,
      badGateway,
      publicError,
      healthcheckTool,
      unhealthy,
    ],
  },
  {
    title: "The database",
    rules: [
      databaseUnreachable,
      databasePassword,
      databaseAbsent,
      databaseConnections,
      databaseLocked,
      schemaBehind,
      migrationHalf,
      rowsMissing,
      invariantBroken,
    ],
  },
  { title: "Disks, folders, the machine", rules: [diskFull, inodesFull, volumePermission, readOnly, openFiles, volumeAnonymous, clock] },
  {
    title: "Aplomo's own work",
    rules: [deploymentUnfinished, lockDead, releaseIncomplete, deployRefused, backupMissing, backupOld, backupUnproven, copyBehind],
  },
];

export const rules: readonly Rule[] = groups.flatMap((group) => group.rules);
