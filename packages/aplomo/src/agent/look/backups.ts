import { backupHealth, storeHealth } from "../../backup/health.ts";
import type { Policy } from "../../backup/policy.ts";
import type { Session } from "../../deploy/session.ts";
import type { Part } from "../look.ts";
import type { Signal } from "../signal.ts";

/** The newest proven backup is young enough, and copies elsewhere are complete. */
export async function lookAtBackups({ ctx, databases }: Session, policy: Policy): Promise<Part> {
  const health = await Promise.all(databases.map((database) => backupHealth(database, policy, ctx.now())));
  const stores = await storeHealth(policy);
  return {
    signals: [
      ...health.flatMap(({ database, late }): Signal[] =>
        late === null
          ? []
          : [
              {
                key: `backup:${database}`,
                level: "error",
                subject: `backups of ${database}`,
                message: late,
                next: "`aplomo backup run` makes one and says what is in its way; `aplomo agent list` shows the last runs.",
                evidence: [],
              },
            ],
      ),
      ...stores.flatMap(({ store, failure }): Signal[] =>
        failure === null
          ? []
          : [
              {
                key: `store:${store}`,
                level: "warning",
                subject: `copies in ${store}`,
                message: `failing since ${failure.since}: ${failure.message}`,
                next: "The next backup makes it up once the place is there again.",
                evidence: [],
              },
            ],
      ),
    ],
  };
}
