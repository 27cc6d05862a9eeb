import type { Rule } from "../rule.ts";

export const volumeAnonymous: Rule = {
  id: "volume-anonymous",
  title: "a database's data is on a volume without a name, or on none",
  why: "The next container gets another one: the data is still on the disk, and nobody sees it. `docker compose down -v` and a clean-up remove it for good (I20).",
  next: "Back up now: `aplomo backup run`. Then give the data a named volume in the compose file, and restore into it.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units
      .filter(({ data }) => data)
      .flatMap(({ name, mounts }) => {
        const kept = mounts.filter(({ kind, anonymous }) => kind === "bind" || (kind === "volume" && !anonymous));
        if (kept.length > 0) return [];
        const lost = mounts.find(({ anonymous }) => anonymous);
        return [
          {
            subject: name,
            message: lost ? "its data is on an anonymous volume" : "its data is in the container itself",
            evidence: lost ? [`${(lost.name ?? "").slice(0, 12)}… at ${lost.target}`] : [],
          },
        ];
      }),
};
