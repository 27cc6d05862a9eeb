import type { Place } from "../place.ts";
import { finalStage, type Dockerfile, type Stage } from "../read/dockerfile.ts";
import type { Command, Script } from "../read/shell.ts";
import { Follower } from "./follow.ts";
import { folderOf, isTest, purposeOf } from "./kinds.ts";
import { launches } from "./launch.ts";
import type { Package, Pm2App } from "./model.ts";
import type { Launch, Service } from "./service.ts";

/** How something starts: what the container, process manager or package runs, through scripts and package.json down to the programs. */
export interface Start {
  kind: "service" | "image" | "pm2" | "package";
  /** `service web`, `image of apps/web/Dockerfile`. */
  name: string;
  place: Place;
  service: Service | undefined;
  dockerfile: Dockerfile | undefined;
  stage: Stage | undefined;
  pm2: Pm2App | undefined;
  entrypoint: Launch | undefined;
  command: Launch | undefined;
  /** The folder its program is made of. */
  folder: string;
  /** Only developers start it. */
  development: boolean;
  commands: StartCommand[];
}

/** One command on the way up. */
export interface StartCommand {
  command: Command;
  /** The program that works, and its arguments; wrappers and folders taken away. */
  words: string[];
  script: Script;
  /** What led to it: `service web`, `entrypoint.sh`. */
  chain: string[];
}

export interface StartInput {
  services: readonly Service[];
  dockerfiles: readonly Dockerfile[];
  packages: readonly Package[];
  pm2: readonly Pm2App[];
  scripts: ReadonlyMap<string, Script>;
}

export function readStarts(input: StartInput): Start[] {
  const ofServices = input.services.filter((service) => service.kind === "app").map((service) => ofService(service, input));
  const used = new Set(ofServices.flatMap((start) => start.dockerfile ?? []));
  const ofImages = input.dockerfiles.filter((file) => !used.has(file) && file.stages.length > 0).map((file) => ofImage(file, input));
  const ofPm2 = input.pm2.map((app) => ofProcess(app, input));
  const seen = new Set([...ofServices, ...ofImages, ...ofPm2].flatMap((start) => start.commands.map(({ script }) => script.source.path)));
  const ofPackages = input.packages
    .filter((one) => !seen.has(one.source.path) && !isTest(one.source.path))
    .flatMap((one) => ofPackage(one, input));
  return [...ofServices, ...ofImages, ...ofPm2, ...ofPackages];
}

function ofService(service: Service, input: StartInput): Start {
  const { stage, dockerfile } = service;
  const image = launches(stage);
  const entrypoint = service.entrypoint ?? image.entrypoint;
  const command = service.command ?? (service.entrypoint ? undefined : image.command);
  const folder = dockerfile ? appFolder(dockerfile, input.packages, service.context) : (service.context ?? service.project.folder);
  const development =
    purposeOf(service.place.file) === "development" ||
    service.project.purpose === "development" ||
    /(^|[-_])(dev|test|e2e)([-_]|$)/.test(service.name) ||
    service.profiles.some((name) => purposeOf(name) === "development");
  const start: Start = {
    kind: "service",
    name: `service ${service.name}`,
    place: service.place,
    service,
    dockerfile,
    stage,
    pm2: undefined,
    entrypoint,
    command,
    folder,
    development,
    commands: [],
  };
  return filled(start, input);
}

function ofImage(dockerfile: Dockerfile, input: StartInput): Start {
  const stage = finalStage(dockerfile);
  const { entrypoint, command } = launches(stage);
  const place = stage?.from.place ?? dockerfile.source.at(0);
  const { path } = dockerfile.source;
  const development = purposeOf(path) === "development" || isTest(path) || /dev|test/.test(stage?.name ?? "");
  return filled(
    {
      kind: "image",
      name: `the image of ${path}`,
      place,
      service: undefined,
      dockerfile,
      stage,
      pm2: undefined,
      entrypoint,
      command,
      folder: appFolder(dockerfile, input.packages, undefined),
      development,
      commands: [],
    },
    input,
  );
}

function ofProcess(app: Pm2App, input: StartInput): Start {
  const script = app.values.get("script");
  const folder = folderOf(app.source.path);
  const args = app.values.get("args")?.text ?? "";
  const words = [script?.text ?? "", ...args.split(/\s+/).filter(Boolean)];
  const launch: Launch | undefined = script
    ? { form: "exec", words, text: words.join(" "), place: script.place, textStart: undefined }
    : undefined;
  const start: Start = {
    kind: "pm2",
    name: `PM2 app ${app.name}`,
    place: app.place,
    service: undefined,
    dockerfile: undefined,
    stage: undefined,
    pm2: app,
    entrypoint: undefined,
    command: launch,
    folder,
    development: isTest(app.source.path),
    commands: [],
  };
  return filled(start, input);
}

function ofPackage(one: Package, input: StartInput): Start[] {
  const names = ["start:prod", "start:production", "start"].filter((name) => one.scripts.has(name)).slice(0, 1);
  return names.map((name) => {
    const place = one.scripts.get(name)?.place ?? one.source.at(0);
    const launch: Launch = { form: "exec", words: ["npm", "run", name], text: `npm run ${name}`, place, textStart: undefined };
    return filled(
      {
        kind: "package",
        name: `script ${name} of ${one.source.path}`,
        place,
        service: undefined,
        dockerfile: undefined,
        stage: undefined,
        pm2: undefined,
        entrypoint: undefined,
        command: launch,
        folder: one.folder,
        development: false,
        commands: [],
      },
      input,
    );
  });
}

/** The folder with the package.json the image is made of: beside the Dockerfile, else the context. */
function appFolder(dockerfile: Dockerfile, packages: readonly Package[], context: string | undefined): string {
  const beside = folderOf(dockerfile.source.path);
  if (packages.some((one) => one.folder === beside)) return beside;
  // apps/web/docker/Dockerfile
  const above = folderOf(beside);
  if (beside !== "" && above !== "" && packages.some((one) => one.folder === above)) return above;
  return context ?? "";
}

function filled(start: Start, input: StartInput): Start {
  const follow = new Follower(start, input);
  if (start.entrypoint) follow.launch(start.entrypoint, [start.name]);
  // After a shell-form ENTRYPOINT a CMD is never used.
  if (start.command && !(start.entrypoint?.form === "shell" && start.entrypoint.words.length === 0))
    follow.launch(start.command, [start.name]);
  return start;
}
