import type { Model } from "../model/model.ts";
import type { Service } from "../model/service.ts";
import type { Found, Rule } from "../rule.ts";

const folders: Partial<Record<Service["kind"], string>> = {
  postgres: "/var/lib/postgresql/data",
  mysql: "/var/lib/mysql",
  mongo: "/data/db",
  redis: "/data",
};

export const dataNoVolume: Rule = {
  id: "data-no-volume",
  title: "the database's data goes with its container",
  area: "data",
  severity: "error",
  why: "a container that is replaced takes its own files along: the next deploy, image update or `docker compose down` begins with an empty database",
  incident: "I20: a database lay on an anonymous volume, and a redeploy replaced it",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  db:\n    image: postgres:17\n    volumes:\n      - «/var/lib/postgresql/data¦data:/var/lib/postgresql/data»\n    healthcheck:\n      test: [CMD, pg_isready, -h, 127.0.0.1]\nvolumes:\n  data:\n",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const folder = folderOf(service);
      if (folder === undefined || service.keys.has("volumes_from")) return [];
      const inside = (path: string, other: string): boolean => path === other || path.startsWith(`${other.replace(/\/$/, "")}/`);
      const clean = service.mounts.map((mount) => ({ ...mount, target: mount.target.replace(/\/+$/, "") || "/" }));
      const mount = clean.find((one) => inside(folder, one.target) || inside(one.target, folder));
      const queue = service.kind === "redis" ? usedAsQueue(model) : undefined;
      if (service.kind === "redis" && !queue) return [];
      const severity = service.kind === "redis" ? "warning" : "error";
      if (mount?.kind === "anonymous")
        return [
          {
            place: mount.place,
            severity,
            message: `${mount.target} is an anonymous volume: a new container gets a new, empty one`,
            hint: `name it: data:${mount.target}, and \`data:\` under volumes`,
          },
        ];
      if (mount?.kind === "tmpfs")
        return service.project.purpose === "development" || /test/.test(service.name)
          ? []
          : [
              {
                place: mount.place,
                severity,
                message: `${mount.target} is memory: every restart empties the database`,
                hint: `mount a named volume at ${folder}`,
              },
            ];
      if (mount) return [];
      const version = versionOf(service);
      const old =
        service.kind === "postgres" && version !== undefined && version >= 18
          ? clean.find((one) => one.target === "/var/lib/postgresql/data")
          : undefined;
      if (old)
        return [
          {
            place: old.place,
            message: `PostgreSQL ${version} keeps its data under /var/lib/postgresql, so this volume stays empty`,
            hint: "mount it at /var/lib/postgresql",
          },
        ];
      if (/test|ephemeral|tmp|cache/.test(service.name)) return [];
      const wrong = clean.find(
        (one) =>
          one.kind === "volume" &&
          /data|db|sql|mongo|pg/i.test(`${one.source} ${one.target}`) &&
          !/conf|init|backup|log|ssl|cert/.test(one.target),
      );
      if (service.kind === "postgres" && changesFolder(service)) return [];
      const place = wrong?.place ?? service.place;
      return [
        {
          place,
          severity,
          message: wrong
            ? `${service.name} keeps its data in ${folder}, and the volume is at ${wrong.target}`
            : `${service.name} has no volume at ${folder}${queue ? `, and ${queue} keeps jobs in it` : ""}`,
          hint: `mount a named volume at ${folder}`,
        },
      ];
    }),
};

function versionOf(service: Service): number | undefined {
  const version = Number(/:(?:pg)?(\d+)/.exec(service.image ?? "")?.[1]);
  return version > 0 ? version : undefined;
}

function folderOf(service: Service): string | undefined {
  const folder = folders[service.kind];
  if (/bitnami/.test(service.image ?? ""))
    return {
      postgres: "/bitnami/postgresql",
      mysql: /maria/.test(service.image ?? "") ? "/bitnami/mariadb" : "/bitnami/mysql",
      mongo: "/bitnami/mongodb",
      redis: "/bitnami/redis/data",
    }[service.kind as "postgres"];
  if (service.kind !== "postgres") return folder;
  const set = service.environment.get("PGDATA")?.text;
  if (set?.startsWith("/")) return set.replace(/\/+$/, "");
  const version = versionOf(service);
  return version !== undefined && version >= 18 && !/timescale|supabase/.test(service.image ?? "")
    ? `/var/lib/postgresql/${version}/docker`
    : folder;
}

/** Images that are not the official one may keep their data elsewhere. */
function changesFolder(service: Service): boolean {
  return (
    /bitnami|timescaledb-ha|crunchy|spilo|stolon|zalando/.test(service.image ?? "") ||
    (service.command !== undefined && /data_directory|-D\s/.test(service.command.text))
  );
}

/** A queue's jobs are data; a cache is not. */
function usedAsQueue(model: Model): string | undefined {
  const names = ["bullmq", "bull", "bee-queue", "@nestjs/bullmq", "@nestjs/bull"];
  return names.find((name) => model.packages.some((one) => one.dependencies.has(name)));
}
