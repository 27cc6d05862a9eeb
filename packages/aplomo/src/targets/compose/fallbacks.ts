import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Finding } from "../../config/environment.ts";
import { variablesIn } from "../../config/interpolate.ts";
import { composeFiles } from "./app.ts";

/** A default for a variable of the contract: the day the variable is missing, the app runs with it and nobody hears of it (I11). */
export async function fallbacks(config: Config): Promise<Finding[]> {
  const wanted = new Set(Object.keys(config.settings.env.require));
  if (wanted.size === 0) return [];
  const files = composeFilesOrNone(config);
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return files.flatMap((file, index) => findFallbacks(texts[index] ?? "", relative(config.directory, file), wanted));
}

/** That a file is missing is told by who needs it. */
function composeFilesOrNone(config: Config): string[] {
  try {
    return composeFiles(config);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

/** Pure: on the text and not on what compose makes of it, since a person looks for the line. An empty default hides nothing: the contract finds it. */
export function findFallbacks(text: string, file: string, wanted: ReadonlySet<string>): Finding[] {
  return text.split("\n").flatMap((line, index) =>
    variablesIn(line.replace(/(^|\s)#.*$/, "")).flatMap(({ name, operator, argument }): Finding[] => {
      if (!wanted.has(name) || !operator?.endsWith("-") || argument === "") return [];
      const message = "has a default here, which runs unnoticed when it is not set";
      const hint = `Write \${${name}:?}: then compose refuses to start without it`;
      return [{ variable: name, origin: `${file}:${index + 1}`, rule: "fallback", message, hint }];
    }),
  );
}
