import { spoken } from "../voices.ts";

export const volumePermission = spoken({
  id: "volume-permission",
  title: "it may not write where it must",
  why: "The image runs as a user of its own (S3.1), and the volume or folder belongs to root or to the user of an earlier image: volumes keep their owner.",
  next: "Give it the folder once: `docker run --rm -v VOLUME:/data IMAGE chown -R UID /data`, as root; in the image COPY with --chown.",
  alsoWell: true,
  patterns: [
    /(?:EACCES|EPERM): (?:permission denied|operation not permitted), \w+ '([^']+)'/,
    /PermissionError: .*'([^']+)'/,
    /(?:cannot|can't|could not|unable to) (?:create|open|write|touch|access|remove)\b.{0,60}?'?(\/[\w./-]+)'?.*[Pp]ermission denied/,
    /open (\/[\w./-]+): permission denied/,
    /data directory "([^"]+)" has (?:wrong ownership|invalid permissions)/,
  ],
  tell([, path = ""], { unit }) {
    const mount = unit?.mounts.find(({ target }) => path === target || path.startsWith(`${target}/`));
    const user = unit?.user ? [`it runs as user ${unit.user}`] : [];
    return {
      message: `it may not use ${path}`,
      evidence: [...(mount ? [`${mount.kind} ${mount.name ?? ""} is mounted at ${mount.target}`.replace("  ", " ")] : []), ...user],
    };
  },
});
