import { english, speaker, type Say } from "./say.ts";

export const languages = ["en", "es"] as const;
export type Language = (typeof languages)[number];

/** APLOMO_LANG, which `--lang` sets; else what the system says (LC_ALL, LC_MESSAGES, LANG). */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const wanted = env["APLOMO_LANG"] || env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return languages.find((one) => one === wanted.slice(0, 2).toLowerCase()) ?? "en";
}

/** A language's words are loaded when somebody reads it. */
export async function sayIn(language: Language): Promise<Say> {
  if (language === "en") return english;
  const { spanish, contracted } = await import("./es/index.ts");
  return speaker(spanish, contracted);
}
