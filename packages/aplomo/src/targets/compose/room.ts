import { mountsOf, type Mount, type Project, type Service } from "./model.ts";

/** What would let a unit of a rehearsal out, other things in, or production feel it. */
const dropped = new Set([
  "build",
  "container_name",
  "depends_on",
  "deploy",
  "develop",
  "devices",
  "external_links",
  "hostname",
  "labels",
  "links",
  "logging",
  "network_mode",
  "networks",
  "ports",
  "privileged",
  "profiles",
  "pull_policy",
  "restart",
  "scale",
  "volumes_from",
]);

/** A quarter of what a container has by default: only when the processor is wanted by both does it matter. */
const shares = 256;

export interface Enclosing {
  /** The network leads nowhere. */
  closed: boolean;
  /** Folders of this machine that stay what they are, for the copy that lies in them. */
  folders: readonly string[];
  /** Folders that a service's image wants on a volume. */
  imageVolumes: Record<string, string[]>;
  environment(service: string, variables: Record<string, string>): Record<string, string>;
}

/** Pure: these services as they are in a rehearsal: names find each other, volumes are empty ones of its own, and nothing else is reached. */
export function enclose(project: Project, names: readonly string[], options: Enclosing): Project {
  const volumes: Record<string, null> = {};
  const services = names.flatMap((name): [string, Service][] => {
    const service = project.services[name];
    if (!service) return [];
    const kept = Object.fromEntries(Object.entries(service).filter(([key]) => !dropped.has(key))) as Service;
    const mounts = mountsInside(name, service, options.imageVolumes[name] ?? [], options.folders);
    for (const { type, source } of mounts) if (type === "volume" && source !== undefined) volumes[source] = null;
    return [
      [
        name,
        {
          ...kept,
          environment: options.environment(name, service.environment),
          labels: {},
          depends_on: {},
          volumes: mounts,
          networks: { default: { aliases: aliasesOf(name, service) } },
          restart: "no",
          cpu_shares: shares,
        },
      ],
    ];
  });
  return {
    services: Object.fromEntries(services),
    networks: { default: options.closed ? { internal: true } : {} },
    volumes,
    ...(project.secrets ? { secrets: project.secrets } : {}),
    ...(project.configs ? { configs: project.configs } : {}),
  };
}

/** Every name under which others may know it. */
function aliasesOf(name: string, service: Service): string[] {
  const networks = Array.isArray(service.networks) ? [] : Object.values(service.networks ?? {});
  const given = networks.flatMap((network) => (network?.["aliases"] as string[] | undefined) ?? []);
  const own = [service.container_name, service["hostname"] as string | undefined].filter((alias) => alias !== undefined);
  return [...new Set([name, ...own, ...given])];
}

/** Volumes and folders that could be written become empty volumes of the room; files and read-only folders are what they are, to be read. */
function mountsInside(name: string, service: Service, wanted: readonly string[], copies: readonly string[]): Mount[] {
  const own = (target: string): Mount => ({
    type: "volume",
    source: `${name}${target.replaceAll(/[^a-zA-Z0-9]+/g, "-")}`.toLowerCase(),
    target,
  });
  const mounts = mountsOf(service).flatMap((mount): Mount[] => {
    if (mount.type === "volume") return [own(mount.target)];
    if (mount.type !== "bind" || copies.some((folder) => isWithin(folder, mount.source ?? ""))) return [mount];
    return mount.read_only ? [mount] : [isFile(mount.target) ? { ...mount, read_only: true } : own(mount.target)];
  });
  const covered = new Set(mounts.map(({ target }) => target));
  return [...mounts, ...wanted.filter((target) => !covered.has(target)).map(own)];
}

function isWithin(folder: string, above: string): boolean {
  return above !== "" && `${folder}/`.startsWith(`${above.replace(/\/$/, "")}/`);
}

/** Nobody mounts a folder over a name with an ending. */
function isFile(target: string): boolean {
  return /\.[a-z0-9]+$/i.test(target);
}
