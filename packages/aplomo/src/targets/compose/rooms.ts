import type { Settings } from "../../config/schema.ts";
import { databaseServices, type Parts } from "./services.ts";
import { environmentOf } from "./take-down.ts";
import type { Image } from "./images.ts";
import { mountsOf, nameOnEngine, type Mount, type Project, type Service } from "./model.ts";

/** Where database servers keep their data when neither PGDATA nor the image says so. */
const usual: Record<string, string> = {
  postgres: "/var/lib/postgresql/data",
  postgis: "/var/lib/postgresql/data",
  mysql: "/var/lib/mysql",
  mariadb: "/var/lib/mysql",
  mongo: "/data/db",
};

/** The folders inside the container whose content must outlive it. */
export function dataFolders(service: Service, image: Image | undefined): string[] {
  const declared = service.environment["PGDATA"] ?? environmentOf(image?.Config?.Env)["PGDATA"];
  if (declared) return [declared];
  const volumes = Object.keys(image?.Config?.Volumes ?? {}).filter((path) => /lib|data|db/.test(path));
  // The configuration of a MongoDB image is a volume too, and empty.
  const kept = volumes.filter((path) => !path.endsWith("/configdb"));
  if (kept.length > 0) return kept;
  const name = (service.image ?? "").split("/").at(-1)?.split(/[:@]/)[0] ?? "";
  const known = Object.entries(usual).find(([part]) => name.includes(part))?.[1];
  return known ? [known] : [];
}

/** The mount a folder of the container lies on: the one whose path is the longest above it. */
export function mountOf(mounts: readonly Mount[], folder: string): Mount | undefined {
  const above = mounts.filter(({ target }) => folder === target || folder.startsWith(`${target.replace(/\/$/, "")}/`));
  return above.toSorted((a, b) => b.target.length - a.target.length)[0];
}

/** Why a database's folder would not survive (I20), or null. `home` is Aplomo's own folder, where releases come and go. */
export function whyLost(mount: Mount | undefined, home: string): string | null {
  if (!mount) return "it lies inside the container";
  if (mount.type === "volume") return mount.source ? null : "it lies on an anonymous volume";
  if (mount.type !== "bind") return `it lies on a ${mount.type}`;
  const source = mount.source ?? "";
  const within = (folder: string): boolean => source === folder || source.startsWith(`${folder}/`);
  if (within(home)) return `it lies in ${source}, among releases that come and go`;
  return within("/tmp") || within("/var/tmp") || within("/dev/shm") ? `it lies in ${source}, which a restart of the machine empties` : null;
}

/** Every room of data the app's services have, in words. */
export function rooms(project: string, rendered: Project, parts: Parts, settings: Settings): string[] {
  const names = [...new Set([...databaseServices(settings), ...parts.supporting, ...parts.deployed])];
  return names.flatMap((name) => {
    const service = rendered.services[name];
    return service ? mountsOf(service).flatMap((mount) => roomOf(project, rendered, name, mount)) : [];
  });
}

function roomOf(project: string, rendered: Project, service: string, mount: Mount): string[] {
  if (mount.source === undefined || mount.read_only) return [];
  if (mount.type === "bind") return [`folder ${mount.source} on ${service}:${mount.target}`];
  if (mount.type !== "volume") return [];
  return [`volume ${nameOnEngine(project, mount.source, rendered.volumes?.[mount.source])} on ${service}:${mount.target}`];
}
