import type { Rule } from "../rule.ts";

export const backupUnproven: Rule = {
  id: "backup-unproven",
  title: "no backup was ever restored to prove it, or its proof failed",
  why: "A file that was never restored is a hope. Aplomo proves a backup by restoring it into a scratch database and comparing every count.",
  next: "`aplomo backup drill` restores the newest one and says what differs.",
  needs: ["backups"],
  check: ({ backups }) =>
    (backups?.databases ?? []).flatMap(({ database, id, proven, late }) => {
      if (id === null) return [];
      const failed = late?.startsWith("the proof of");
      if (proven !== null && !failed) return [];
      return [
        {
          subject: `database ${database}`,
          message: failed ? (late ?? "") : "none of its backups is proven",
          evidence: [`the newest is ${id}`],
          ...(failed ? {} : { level: "warning" as const }),
        },
      ];
    }),
};
