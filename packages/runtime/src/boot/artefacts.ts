import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readAddress } from "../wire/address.ts";
import type { Problem } from "./failure.ts";
import type { Argv, BootSettings } from "./settings.ts";

/** Every file that must be in the image and is not, every program that cannot be found, and a database URL that is none. */
export function artefactProblems(settings: BootSettings, server: Argv, env: NodeJS.ProcessEnv): Problem[] {
  const script = server[0] === "node" ? server.slice(1).find((argument) => /\.[cm]?js$/.test(argument)) : undefined;
  const files = [...settings.files, ...(script === undefined ? [] : [script])];
  const missing = [...new Set(files)]
    .filter((file) => !existsSync(file))
    .map((file) => ({ message: `${file} is not there`, hint: `copy ${file} into the image` }));
  const jobs = [settings.migrate, ...settings.derive, settings.seed, settings.admin].flatMap((job) => (job ? [job.run] : []));
  const programs = [...new Set([server, ...jobs].flatMap(([program]) => (program === undefined ? [] : [program])))];
  const absent = programs
    .filter((program) => !isProgram(program, env))
    .map((program) => ({
      message: `the program ${program} is not there`,
      hint: `install ${program} in the image, or correct the command`,
    }));
  return [...missing, ...absent, ...addressProblems(settings, env)];
}

/** PATH with the programs of the application's packages before it. */
export function searchPath(env: NodeJS.ProcessEnv): string {
  return [join(process.cwd(), "node_modules/.bin"), env.PATH ?? ""].join(delimiter);
}

function isProgram(name: string, env: NodeJS.ProcessEnv): boolean {
  const places = name.includes("/")
    ? [name]
    : searchPath(env)
        .split(delimiter)
        .map((folder) => join(folder, name));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return statSync(place).isFile();
    } catch {
      return false;
    }
  });
}

function addressProblems({ database, migrate, seed, admin }: BootSettings, env: NodeJS.ProcessEnv): Problem[] {
  const needed = migrate !== undefined || seed?.empty !== undefined || admin !== undefined;
  const names = [...new Set([...(needed ? [database.url] : []), ...(migrate ? [migrate.url] : []), ...database.also])];
  const problems = names.flatMap((name): Problem[] => {
    const value = env[name];
    if (!value) return [{ message: `${name} is missing`, hint: `set ${name} to the URL of the server` }];
    // A file is a database too, one that nobody has to wait for.
    if (readAddress(value) || /^(file|sqlite|libsql):/.test(value)) return [];
    return [
      {
        message: `${name} is not a URL such as postgres://user:password@host:5432/name`,
        hint: "percent-encode what stands in user and password besides letters and digits",
      },
    ];
  });
  if (migrate && /[?&]pgbouncer=true\b/.test(env[migrate.url] ?? "")) {
    problems.push({
      message: `${migrate.url} leads through a pooler, where a lock belongs to nobody`,
      hint: "set DIRECT_URL to a direct connection",
    });
  }
  return problems;
}
