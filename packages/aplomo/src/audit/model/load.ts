import type { Source } from "../place.ts";
import { codeOf, type Code } from "../read/code.ts";
import { parseDockerfile } from "../read/dockerfile.ts";
import { parseShell, type Script } from "../read/shell.ts";
import { readSource } from "../read/text.ts";
import { at, itemsOf, parseYaml, textOf, type Yaml } from "../read/yaml.ts";
import type { Tree, Unread } from "../tree/tree.ts";
import { readProjects } from "./compose.ts";
import { folderOf, isTest, joinPath, kindOf, purposeOf, type Kind } from "./kinds.ts";
import type { Model } from "./model.ts";
import { pm2OfAplomo, readPm2 } from "./pm2.ts";
import { readEnv, readPackage, readPrisma } from "./small-files.ts";
import { readStarts } from "./start.ts";

/** All program text together: what is beyond would only cost memory. */
const mostCode = 48 * 1024 * 1024;
const mostOfOne = 4 * 1024 * 1024;

/** Reads a tree's files into one model. What cannot be read is in `unread`; nothing throws for what a file holds. */
export function loadModel(tree: Tree): Model {
  const unread: Unread[] = [...tree.unread];
  const byKind = readFiles(tree, unread);
  const sources = [...byKind.values()].flat();
  const of = (kind: Kind): Source[] => byKind.get(kind) ?? [];
  const keep = <T extends object>(read: T | Unread): T[] => {
    if (!("reason" in read)) return [read];
    unread.push(read);
    return [];
  };
  const yaml = (source: Source): { source: Source; yaml: Yaml }[] => {
    const root = parseYaml(source);
    if (!("reason" in root)) return [{ source, yaml: root }];
    unread.push({ file: source.path, reason: root.reason, line: root.line });
    return [];
  };
  const aplomoFile = of("aplomo").find((source) => source.path === "aplomo.yml") ?? of("aplomo")[0];
  const aplomo = aplomoFile ? yaml(aplomoFile)[0]?.yaml : undefined;
  const chosen = itemsOf(at(aplomo, "target", "files")).flatMap(
    (item) => joinPath(folderOf(aplomoFile?.path ?? ""), textOf(item) ?? "") ?? [],
  );
  const paths = new Set(tree.entries.map((entry) => entry.path));
  const dockerfiles = of("dockerfile").map(parseDockerfile);
  const envFiles = of("env").map(readEnv);
  const composed = readProjects({ sources: of("compose"), chosen, dockerfiles, envFiles, paths });
  unread.push(...composed.unread);
  const projects = composed.projects.filter((project) => !(project.purpose === "development" && project.files.length > 1));
  const services = projects.flatMap((project) => project.services);
  const scripts = new Map<string, Script>(of("shell").map((source) => [source.path, parseShell(source)]));
  const hooks = of("hook").map((source) => parseShell(source));
  const packages = of("package").flatMap((source) => keep(readPackage(source)));
  const pm2 = [
    ...of("pm2")
      .flatMap((source) => keep(readPm2(source)))
      .flat(),
    ...pm2OfAplomo(aplomo, aplomoFile),
  ];
  const code: Code[] = [...of("code"), ...of("pm2")].map(codeOf);
  return {
    sources: new Map(sources.map((source) => [source.path, source])),
    executable: new Set(tree.entries.filter((entry) => entry.executable).map((entry) => entry.path)),
    paths,
    unread,
    dockerfiles,
    projects,
    services,
    scripts,
    hooks,
    packages,
    pm2,
    envFiles,
    code,
    prisma: of("prisma").map(readPrisma),
    sql: of("sql"),
    workflows: of("workflow").flatMap(yaml),
    aplomo,
    developmentFiles: new Set(sources.filter(isForDevelopers).map((source) => source.path)),
    supportFiles: new Set(
      projects
        .filter((project) => project.purpose !== "production" && project.services.every((service) => service.kind !== "app"))
        .flatMap((project) => project.files),
    ),
    starts: readStarts({ services, dockerfiles, packages, pm2, scripts }),
  };
}

/** By the words of its path, or because its first comment says so. */
function isForDevelopers({ path, text }: Source): boolean {
  if (purposeOf(path) === "development" || isTest(path)) return true;
  const comment = /^(?:\s*#[^\n]*\n){1,3}/.exec(text.slice(0, 1_000))?.[0] ?? "";
  return /\b(?:for|used for|only for|intended for)\s+(?:\w+\s+)?(?:local |internal )?(?:testing|development|local use|developers)\b/i.test(
    comment,
  );
}

function readFiles(tree: Tree, unread: Unread[]): Map<Kind, Source[]> {
  const byKind = new Map<Kind, Source[]>();
  let total = 0;
  const chosen = chosenByAplomo(tree);
  for (const entry of tree.entries) {
    const kind = chosen.has(entry.path) ? "compose" : kindOf(entry.path);
    if (kind === undefined) continue;
    const isCode = kind === "code" || kind === "sql";
    if (isCode && (total += entry.size) > mostCode) {
      unread.push({ file: entry.path, reason: `there are more than ${mostCode / 1024 / 1024} MiB of program text` });
      continue;
    }
    const read = readSource(tree, entry, isCode ? mostOfOne : undefined);
    if ("reason" in read) unread.push(read);
    else if (byKind.has(kind)) byKind.get(kind)?.push(read);
    else byKind.set(kind, [read]);
  }
  return byKind;
}

/** Compose files may have any name when aplomo.yml says so. */
function chosenByAplomo(tree: Tree): Set<string> {
  const entry = tree.entries.find((one) => one.path === "aplomo.yml");
  const source = entry ? readSource(tree, entry) : undefined;
  if (!source || "reason" in source) return new Set();
  const root = parseYaml(source);
  if ("reason" in root) return new Set();
  return new Set(itemsOf(at(root, "target", "files")).flatMap((item) => joinPath("", textOf(item) ?? "") ?? []));
}
