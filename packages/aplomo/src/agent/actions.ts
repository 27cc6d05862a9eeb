import { currentRelease, listReleases, type Release } from "../deploy/releases.ts";
import type { AppView } from "./view.ts";

/** What may be asked for with a button: a command of Aplomo, and what it will do in words. Nothing that is typed in reaches a command line. */
export interface Action {
  name: "backup" | "drill" | "doctor" | "rollback";
  title: string;
  /** What will happen, in sentences. */
  will: string[];
  argv: string[];
}

/** Undefined: there is no such action, or not now. */
export async function findAction(app: AppView, name: string, release: string | null): Promise<Action | undefined> {
  if (name === "backup")
    return {
      name,
      title: "Back up now",
      will: [
        "Every database is backed up, and each backup proven by restoring it beside the live data.",
        "The application goes on serving. The backup stays until somebody removes it.",
      ],
      argv: ["backup", "run", "--manual", "--wait", "10m"],
    };
  if (name === "drill")
    return {
      name,
      title: "Drill the newest backup",
      will: [
        "The newest backup of every database is restored into a scratch database, compared, and dropped again.",
        "Live data is not touched.",
      ],
      argv: ["backup", "drill", "--wait", "10m"],
    };
  if (name === "doctor")
    return {
      name,
      title: "Ask the doctor",
      will: [
        "Units, environment, databases, what stands in front, disks, backups and deployments are looked at once.",
        "Nothing is changed. What is found stands on the page Doctor.",
      ],
      argv: ["doctor"],
    };
  if (name !== "rollback" || !(await earlierReleases(app)).some(({ id }) => id === release) || release === null) return undefined;
  return {
    name,
    title: `Deploy ${release}`,
    will: [
      `${release} takes the place of ${app.look?.sample.release ?? "the release in front"}, through the same steps and gates as a deploy; if it does not prove itself, everything is put back as it is now.`,
      "A backup of every database is made first. The data stays as it is: nothing that was written is lost.",
    ],
    argv: ["rollback", release],
  };
}

/** Releases there are, without the one in front; newest first. */
export async function earlierReleases({ paths }: AppView): Promise<Release[]> {
  const current = await currentRelease(paths);
  return (await listReleases(paths)).filter(({ id }) => id !== current?.id).toReversed();
}
