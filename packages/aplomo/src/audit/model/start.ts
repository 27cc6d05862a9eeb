import type { Place, Source } from "../place.ts";
import { finalStage, inherited, type Dockerfile, type Instruction, type Stage } from "../read/dockerfile.ts";
import { parseShell, type Command, type Script, type Word } from "../read/shell.ts";
import { folderOf, isTest, joinPath, nameOf, purposeOf } from "./kinds.ts";
import type { Package, Pm2App } from "./model.ts";
import type { Launch, Service } from "./service.ts";
import { packageScript, workingWords } from "./words.ts";

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

const most = 400;

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

/** ENTRYPOINT and CMD in force; a new ENTRYPOINT of a later stage takes an inherited CMD away. */
function launches(stage: Stage | undefined): { entrypoint: Launch | undefined; command: Launch | undefined } {
  const all = inherited(stage);
  const entry = all.findLast((one) => one.name === "ENTRYPOINT");
  const command = all.findLast((one) => one.name === "CMD");
  return { entrypoint: entry && launchOf(entry), command: command && launchOf(command) };
}

export function launchOf(instruction: Instruction): Launch {
  const { json, body, place, start } = instruction;
  if (json === undefined) return { form: "shell", words: [], text: body, place, textStart: start };
  if (/^(\/(usr\/)?bin\/)?(ba|da|a)?sh$/.test(json[0] ?? "") && /^-\w*c$/.test(json[1] ?? "") && json[2] !== undefined) {
    const found = body.indexOf(json[2]);
    return { form: "shell", words: json, text: json[2], place, textStart: found === -1 ? undefined : start + found };
  }
  return { form: "exec", words: json, text: json.join(" "), place, textStart: undefined };
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

/** Follows commands into scripts and package.json, each file once. */
class Follower {
  private readonly start: Start;
  private readonly input: StartInput;
  private readonly seen = new Set<string>();

  constructor(start: Start, input: StartInput) {
    this.start = start;
    this.input = input;
  }

  launch(launch: Launch, chain: string[]): void {
    const source = this.sourceOf(launch.place);
    if (!source) return;
    if (launch.form === "shell") {
      const start = launch.textStart;
      // Folded or escaped text is read on its own; its commands then stand where the whole does.
      const script =
        start === undefined
          ? placed(parseShell(textSource(source, launch.text)), source, launch.place)
          : parseShell(source, start, start + launch.text.length, withText(source, start, launch.text));
      return this.script(script, chain);
    }
    const command = execCommand(launch);
    this.script({ source, commands: [command], shell: undefined, start: launch.place.start, end: launch.place.end }, chain);
  }

  private script(script: Script, chain: string[]): void {
    for (const command of script.commands) {
      if (this.start.commands.length >= most || command.words.length === 0) continue;
      const words = workingWords(command.words.map((word) => word.value));
      this.start.commands.push({ command, words, script, chain });
      this.follow(words, command, script, chain);
    }
  }

  private follow(words: readonly string[], command: Command, from: Script, chain: string[]): void {
    const [program = "", ...rest] = words;
    const wanted = /^(ba|da|a)?sh$|^(\.|source)$/.test(program)
      ? rest.find((word) => !word.startsWith("-"))
      : command.words.map((word) => word.value).find((word) => /\/|\.sh$/.test(word) && nameOf(word) === program);
    const named = wanted ?? (/entrypoint/.test(program) ? program : undefined);
    const script = named === undefined ? undefined : this.findScript(named, from);
    if (script && !this.seen.has(script.source.path)) {
      this.seen.add(script.source.path);
      this.script(script, [...chain, script.source.path]);
    }
    const name = packageScript(words);
    if (name !== undefined) this.packageScript(name, from, chain);
  }

  private packageScript(name: string, from: Script, chain: string[]): void {
    const near = nameOf(from.source.path) === "package.json" ? folderOf(from.source.path) : this.start.folder;
    const found = this.input.packages.find((one) => one.folder === near) ?? this.input.packages.find((one) => one.folder === "");
    if (!found) return;
    for (const script of [`pre${name}`, name, `post${name}`]) {
      const entry = found.scripts.get(script);
      const key = `${found.source.path} ${script}`;
      if (!entry || this.seen.has(key)) continue;
      this.seen.add(key);
      // Inside its quotes.
      const from = entry.place.start + 1;
      const text = withText(found.source, from, entry.text);
      this.script(parseShell(found.source, from, from + entry.text.length, text), [...chain, `${found.source.path} (${script})`]);
    }
  }

  /** The script of the tree that a path inside the container is: by what COPY brought there, else by its name, when only one has it. */
  private findScript(path: string, from: Script): Script | undefined {
    const { scripts } = this.input;
    const name = nameOf(path);
    const beside = joinPath(folderOf(from.source.path), path);
    const direct = beside === undefined ? undefined : scripts.get(beside);
    if (direct) return direct;
    const copied = (this.start.dockerfile?.instructions ?? [])
      .filter((one) => /^(COPY|ADD)$/.test(one.name))
      .flatMap((one) => (one.json ?? one.body.trim().split(/\s+/)).slice(0, -1));
    const all = [...scripts.values()].filter(
      (script) =>
        nameOf(script.source.path) === name ||
        copied.some((one) => nameOf(one) === nameOf(script.source.path) && copiedAs(this.start.dockerfile, one, path)),
    );
    const inFolder = all.filter((script) => this.start.folder === "" || script.source.path.startsWith(`${this.start.folder}/`));
    const near = inFolder.length > 0 ? inFolder : all;
    const byCopy = near.find((script) => copied.some((one) => script.source.path.endsWith(one.replace(/^\.?\//, ""))));
    return (
      byCopy ??
      (near.length === 1
        ? near[0]
        : near.find((script) => script.source.path === `${this.start.folder}/${name}` || script.source.path === name))
    );
  }

  private sourceOf(place: Place): Source | undefined {
    if (place.file === "") return undefined;
    const { start } = this;
    if (start.dockerfile?.source.path === place.file) return start.dockerfile.source;
    if (start.pm2?.source.path === place.file) return start.pm2.source;
    const inService = start.service;
    if (inService) {
      for (const entry of inService.keys.values()) if (entry.value.place.file === place.file) return entry.value.source;
    }
    return this.input.packages.find((one) => one.source.path === place.file)?.source;
  }
}

/** `COPY docker/start.sh /entrypoint.sh`: the file goes by another name inside. */
function copiedAs(dockerfile: Dockerfile | undefined, source: string, path: string): boolean {
  return (dockerfile?.instructions ?? []).some((one) => {
    const words = one.json ?? one.body.trim().split(/\s+/);
    return words.includes(source) && words.at(-1) === path;
  });
}

function execCommand(launch: Launch): Command {
  const words: Word[] = launch.words.map((value) => ({ raw: value, value, place: launch.place, quoted: true }));
  return {
    words,
    assignments: [],
    place: launch.place,
    before: "",
    after: "",
    tested: false,
    loops: [],
    conditional: false,
    inFunction: undefined,
    substituted: false,
    redirects: [],
  };
}

/** The source's text with a part put over it that is as long: without `\` at line ends, or without JSON's escapes. */
function withText(source: Source, start: number, text: string): string {
  return source.text.slice(0, start) + text + source.text.slice(start + text.length);
}

function textSource(source: Source, text: string): Source {
  return { ...source, text, at: source.at.bind(source) };
}

function placed(script: Script, source: Source, place: Place): Script {
  const commands = script.commands.map((command) => ({
    ...command,
    place,
    words: command.words.map((word) => ({ ...word, place })),
    assignments: command.assignments.map((one) => ({ ...one, place })),
  }));
  return { ...script, source, commands, start: place.start, end: place.end };
}
