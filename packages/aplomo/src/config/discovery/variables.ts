import { parseEnvFile } from "../env-file.ts";
import { looksSecret } from "../secrecy.ts";
import type { ComposeFind } from "./compose.ts";
import { besideCompose } from "./compose.ts";
import type { Folder } from "./folder.ts";

export interface VariablesFind {
  /** The env file the application will have; undefined when nothing hints at one. */
  file: string | undefined;
  /** It is there already. */
  exists: boolean;
  /** Where the names come from. */
  example: string | undefined;
  /** Each name with its rule, as YAML, and whether that is a guess. */
  rules: { name: string; rule: string; guess: boolean }[];
  /** What the example or, without one, the env file gives. Only its kind may be looked at: it may be secret. */
  values: ReadonlyMap<string, string>;
}

const examples = [".env.example", ".env.sample", ".env.template", ".env.dist", "env.example"];

export async function findVariables(folder: Folder, compose: ComposeFind | undefined): Promise<VariablesFind> {
  const beside = compose === undefined ? [] : [besideCompose(compose, ".env")];
  const places = [".env", ...beside, "envs/.env", ".env.production"];
  const present = await folder.first(places);
  const example = await folder.first([...examples, ...(compose === undefined ? [] : examples.map((name) => besideCompose(compose, name)))]);
  const source = example ?? present;
  const text = source === undefined ? undefined : await folder.text(source);
  const values = new Map([...parseEnvFile(text ?? "").variables].map(([name, { value }]) => [name, value.reveal()]));
  const file = present ?? (source === undefined && (compose?.variables.length ?? 0) === 0 ? undefined : (beside[0] ?? ".env"));
  const rules = wantedNames(values, compose).map((name) => ({ name, ...ruleFor(name, values.get(name) ?? "") }));
  return { file, exists: present !== undefined, example, rules, values };
}

/** With compose a container sees only what its service names, unless the service reads the whole file. */
function wantedNames(values: ReadonlyMap<string, string>, compose: ComposeFind | undefined): string[] {
  const ours = /^(COMPOSE_|APLOMO_)/;
  const all = compose === undefined || compose.services.some((service) => service.readsEnvFile);
  const names = new Set([...(compose?.variables ?? []), ...(all ? values.keys() : [])]);
  // What has a default there need not be set; a secret must be, and `check` will want its default gone.
  const optional = (name: string): boolean => compose?.defaults.includes(name) === true && !looksSecret(name);
  return [...names].filter((name) => !ours.test(name) && !optional(name));
}

function ruleFor(name: string, value: string): { rule: string; guess: boolean } {
  if (/(^|_)PUBLIC_/.test(name)) return { rule: "{}", guess: false };
  if (/_(SECRET|KEY)$|^(SECRET|KEY)$|SECRET_KEY/.test(name)) return { rule: "{ secret: true, min_length: 32 }", guess: true };
  if (looksSecret(name)) return { rule: "{ secret: true, min_length: 16 }", guess: true };
  if (name === "NODE_ENV") return { rule: "{ equals: production }", guess: true };
  if (name === "PORT" || name.endsWith("_PORT")) return { rule: "{ type: port }", guess: false };
  if (/^(true|false)$/i.test(value)) return { rule: "{ type: boolean }", guess: false };
  if (/^\s*\[.*\]\s*$/.test(value)) return { rule: "{ list: json }", guess: true };
  if (/(ORIGINS|HOSTS)$/.test(name) || /^[^\s,]+(,[^\s,]+)+$/.test(value)) return { rule: "{ list: csv }", guess: true };
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(value)) return { rule: "{ type: url }", guess: false };
  return { rule: "{}", guess: false };
}
