import type { Place, Source } from "../place.ts";
import type { Dockerfile } from "../read/dockerfile.ts";
import { parseShell, type Command, type Script } from "../read/shell.ts";
import { folderOf, joinPath, nameOf } from "./kinds.ts";
import { execCommand, placed, textSource, withText } from "./launch.ts";
import type { Launch } from "./service.ts";
import type { Start, StartInput } from "./start.ts";
import { packageScript, workingWords } from "./words.ts";

const most = 400;

/** Follows commands into scripts and package.json, each file once. */
export class Follower {
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
