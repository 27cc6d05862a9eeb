import { counted } from "../../base/count.ts";
import type { TargetFacts } from "../contract.ts";
import type { Container } from "./containers.ts";
import { isActive, label, nameOf, serviceOf } from "./containers.ts";
import type { Image } from "./images.ts";
import { mountsOf, nameOnEngine, scaleOf, type Project, type Service } from "./model.ts";
import type { Rendered } from "./render.ts";
import { dataFolders, mountOf, whyLost } from "./rooms.ts";
import { environmentOf } from "./take-down.ts";

export type Refusal = TargetFacts["refusals"][number];

/** Pure: what the files and the environment say that a deploy must not be begun with. */
export function fileRefusals({ project, parts, unset }: Rendered, configured: Record<string, string>): Refusal[] {
  const found: Refusal[] = [];
  const refuse = (message: string, hint: string): void => void found.push({ message, hint });
  for (const name of parts.missing) {
    refuse(`aplomo.yml names the service ${name}, which the compose files do not have`, "Correct the name in aplomo.yml.");
  }
  if (parts.deployed.length === 0) refuse("no service is left for a release to replace", "Name the services in target.services.");
  for (const name of parts.oneShot) {
    refuse(
      `${name} is a one-shot command that other services wait for: it would run behind Aplomo's back`,
      `Run it as migrate, derive or seed (service: ${name}) in aplomo.yml, or leave it to you with \`profiles\` and name the others in target.services.`,
    );
  }
  for (const name of unset) {
    refuse(
      `the compose files use ${name}, which is not set anywhere: the app would get an empty value`,
      `Set it in the env file, or write \${${name}:-} where empty is meant.`,
    );
  }
  for (const name of parts.deployed) {
    const service = project.services[name];
    if (service) found.push(...serviceRefusals(name, service, parts.deployed), ...dollarRefusals(name, service, configured));
  }
  return found;
}

function serviceRefusals(name: string, service: Service, deployed: readonly string[]): Refusal[] {
  const found: Refusal[] = [];
  const others = ["network_mode", "ipc", "pid"].map((key) => service[key]).concat(service["volumes_from"] ?? []);
  const outside = others.flat().filter((text): text is string => typeof text === "string" && !isInside(text, deployed));
  const aliased = (service.links ?? []).filter((link) => link.includes(":") && !deployed.includes(link.split(":")[0] ?? ""));
  if (outside.length > 0 || aliased.length > 0) {
    found.push({
      message: `${name} shares what belongs to a service that a release does not replace: ${[...outside, ...aliased].join(", ")}`,
      hint: "Give the two a network or a named volume in common instead.",
    });
  }
  if (service.container_name !== undefined && scaleOf(service) > 1) {
    found.push({ message: `${name} has one container_name for several containers`, hint: `Remove container_name from ${name}.` });
  }
  const last = lastCommand(service.command ?? service.entrypoint);
  if (/^(always|unless-stopped)/.test(service.restart ?? "") && last && oneShot.test(last) && !server.test(last)) {
    found.push({
      message: `the main command of ${name} looks like a one-shot (${last}), and the engine would start it for ever`,
      hint: "Run it as migrate or seed in aplomo.yml, and let the service's command be its server.",
    });
  }
  return found;
}

function isInside(text: string, deployed: readonly string[]): boolean {
  const service = /^service:(.+)$/.exec(text)?.[1];
  if (service !== undefined) return deployed.includes(service);
  // `volumes_from` names a service plainly; a mode such as host or bridge is nobody's.
  return (
    ["host", "bridge", "none", "private", "shareable"].includes(text) ||
    text.startsWith("container:") ||
    deployed.includes(text.split(":")[0] ?? "")
  );
}

const oneShot = /\b(migrate|migrations?|db:push|upgrade head|seed|collectstatic|createsuperuser|bootstrap)\b/i;
const server = /\b(start|serve[rd]?|listen|gunicorn|uvicorn|runserver|server\.[cm]?js|worker|watch)\b/i;

/** The part of a command that stays: what stands after the last `&&` or `;`. */
function lastCommand(command: string | string[] | undefined): string {
  const text = Array.isArray(command) ? command.join(" ") : (command ?? "");
  return text.split(/&&|;/).at(-1)?.trim() ?? "";
}

/** Compose interprets `$` in a service's own `env_file`; Aplomo takes the env file by its word. The app would get something else. */
function dollarRefusals(name: string, service: Service, configured: Record<string, string>): Refusal[] {
  const other = Object.entries(service.environment).filter(([key, value]) => configured[key]?.includes("$") && configured[key] !== value);
  return other.map(([key]) => ({
    message: `${name} would get another ${key} than the env file has: compose interprets the $ in it`,
    hint: `Put the value of ${key} in single quotes in the env file, or write ${key}: \${${key}} under \`environment\` of ${name}.`,
  }));
}

/** Pure: databases whose data would not outlive their container, or whose server would be another one. */
export function databaseRefusals(
  names: readonly string[],
  { project }: Pick<Rendered, "project">,
  state: {
    images: Map<string, Image>;
    running: readonly Container[];
    runningImages: Map<string, Image>;
    home: string;
    projectName: string;
  },
): Refusal[] {
  return names.flatMap((name) => {
    const service = project.services[name];
    if (!service) return [];
    const image = state.images.get(name);
    const container = state.running.find((one) => serviceOf(one) === name);
    return [
      ...lostRefusals(name, service, image, state.home),
      ...movedRefusals(service, project, image, container, state.projectName),
      ...versionRefusals(name, service, image, container ? state.runningImages.get(container.Image) : undefined),
    ];
  });
}

function lostRefusals(name: string, service: Service, image: Image | undefined, home: string): Refusal[] {
  return dataFolders(service, image).flatMap((folder) => {
    const why = whyLost(mountOf(mountsOf(service), folder), home);
    if (why === null) return [];
    const hint = `Put ${folder} of ${name} on a named volume, after copying what is in it: docker cp keeps everything while the database is stopped.`;
    return [{ message: `the data of ${name} (${folder}) would not survive its container: ${why}`, hint }];
  });
}

/** The running database is on another volume than the files say: made anew, it would be empty. */
function movedRefusals(
  service: Service,
  project: Project,
  image: Image | undefined,
  container: Container | undefined,
  projectName: string,
): Refusal[] {
  return dataFolders(service, image).flatMap((folder) => {
    const meant = mountOf(mountsOf(service), folder);
    const actual = mountOf(
      (container?.Mounts ?? []).map((mount) => ({ type: mount.Type, source: mount.Name ?? mount.Source, target: mount.Destination })),
      folder,
    );
    if (!container || !actual || !meant?.source) return [];
    const source = meant.type === "volume" ? nameOnEngine(projectName, meant.source, project.volumes?.[meant.source]) : meant.source;
    if (actual.source === source) return [];
    return [
      {
        message: `${nameOf(container)} keeps its data on ${actual.source}, the compose files say ${source}: made anew, it would be empty`,
        hint: `Let the files say what is true (a volume with \`name: ${actual.source}\` and \`external: true\`), or move the data yourself.`,
      },
    ];
  });
}

function versionRefusals(name: string, service: Service, image: Image | undefined, running: Image | undefined): Refusal[] {
  const meant = majorOf(service.image, image);
  const now = majorOf(undefined, running);
  if (meant === null || now === null || meant === now) return [];
  return [
    {
      message: `${name} runs version ${now}, the compose files say ${meant}: a server of another major version does not read the data`,
      hint: `Set the image of ${name} back to ${now}; going to ${meant} is a migration of its own (dump, new volume, restore).`,
    },
  ];
}

/** `15` of PostgreSQL, `8.0` of MySQL: as the image says, else its tag. */
function majorOf(reference: string | undefined, image: Image | undefined): string | null {
  const said = environmentOf(image?.Config?.Env);
  const declared = said["PG_MAJOR"] ?? said["MONGO_MAJOR"] ?? said["MYSQL_MAJOR"];
  if (declared) return declared;
  return /:v?(\d+)/.exec((reference ?? "").split("/").at(-1) ?? "")?.[1] ?? null;
}

/** Pure: what already runs that a release would collide with or repeat. */
export function containerRefusals(
  { project, parts }: Rendered,
  own: readonly Container[],
  named: ReadonlyMap<string, Container>,
  projectName: string,
): Refusal[] {
  const found: Refusal[] = [];
  for (const name of parts.deployed) {
    const wanted = project.services[name]?.container_name;
    const other = wanted === undefined ? undefined : named.get(wanted);
    if (other && (label(other, "com.docker.compose.project") !== projectName || serviceOf(other) !== name)) {
      found.push({
        message: `${name} wants the container name ${wanted}, which another container has`,
        hint: `Remove container_name from ${name}, or look at that container: docker inspect ${wanted}.`,
      });
    }
    const looping = own.find(
      (one) => serviceOf(one) === name && isActive(one) && one.State.Status === "restarting" && one.State.ExitCode === 0,
    );
    if (looping) {
      found.push({
        message: `${nameOf(looping)} ends with exit code 0 and is started for ever (${counted(looping.RestartCount, "time")}): its command is not a server`,
        hint: `See \`aplomo logs\`; give ${name} a main command that stays.`,
      });
    }
  }
  return found;
}
