import { counted } from "../base/count.ts";
import type { Config } from "./config.ts";
import type { VariableSettings } from "./schema.ts";
import { checkKind, checkList, type Breach } from "./value-kinds.ts";
import { isPlaceholder, isWeak } from "./weak-secrets.ts";

/** A variable that does not keep the contract of `env.require` or `env.forbid`. Nothing in it is a value. */
export interface Finding {
  variable: string;
  /** `.env:12` or `environment`; for a missing variable the place in aplomo.yml that wants it. */
  origin: string;
  /** The key of the contract that is not kept: `min_length`, `list`, `forbid`; `present` when the variable is missing or empty. */
  rule: string;
  /** What was found. */
  message: string;
  /** The next act, as an imperative sentence. */
  hint: string;
}

/** Holds the environment against its contract; every finding at once, in the order of the contract. */
export function checkEnvironment(config: Config): Finding[] {
  const { env } = config.settings;
  const findings: Finding[] = [];
  for (const [variable, rules] of Object.entries(env.require)) {
    const found = config.environment.get(variable);
    const origin = found?.origin ?? config.contract?.get(variable) ?? env.file ?? "environment";
    const value = found?.value.reveal();
    const breaches =
      value === undefined || value.trim() === ""
        ? [absent(variable, value, env.file)]
        : [...checkValue(value, rules), ...checkExample(variable, value, config)];
    findings.push(...breaches.map((breach) => ({ variable, origin, ...breach })));
  }
  for (const variable of env.forbid) {
    const found = config.environment.get(variable);
    if (!found) continue;
    const hint = `Remove the line that sets ${variable}; set it only where it is needed`;
    findings.push({ variable, origin: found.origin, rule: "forbid", message: "is set and must not be", hint });
  }
  return findings;
}

/** A secret that stands in the example is one that everybody with the code knows. */
function checkExample(variable: string, value: string, { settings, example }: Config): Breach[] {
  const rules = settings.env.require[variable];
  if (!example || !rules?.secret || example.values.get(variable)?.reveal() !== value) return [];
  return [
    { rule: "example", message: `is the value that ${example.file} has, which everybody with the code can read`, hint: newSecret(rules) },
  ];
}

function newSecret({ min_length: least = 0 }: VariableSettings): string {
  return `Make a new one: openssl rand -hex ${Math.max(16, Math.ceil(least / 2))}`;
}

function absent(variable: string, value: string | undefined, file: string | undefined): Breach {
  const where = file ?? "the environment of Aplomo, or in a file that env.file names";
  return { rule: "present", message: value === undefined ? "is not set" : "is empty", hint: `Set ${variable} in ${where}` };
}

function checkValue(value: string, rules: VariableSettings): Breach[] {
  const breaches: Breach[] = [];
  const length = Array.from(value).length;
  const { min_length: least, max_length: most } = rules;
  if (least !== undefined && length < least) {
    const hint = rules.secret ? newSecret(rules) : `Write ${counted(least, "character")} or more`;
    breaches.push({ rule: "min_length", message: `has ${counted(length, "character")}, fewer than ${least}`, hint });
  }
  if (most !== undefined && length > most) {
    breaches.push({
      rule: "max_length",
      message: `has ${counted(length, "character")}, more than ${most}`,
      hint: `Write ${counted(most, "character")} or fewer`,
    });
  }
  if (rules.pattern !== undefined && !new RegExp(rules.pattern).test(value)) {
    breaches.push({
      rule: "pattern",
      message: `does not match ${rules.pattern}`,
      hint: "Correct the value, or the pattern in env.require",
    });
  }
  if (rules.one_of && !rules.one_of.includes(value)) {
    breaches.push({ rule: "one_of", message: "is none of the values that are allowed", hint: `Write one of ${rules.one_of.join(", ")}` });
  }
  if (rules.equals !== undefined && value !== rules.equals) {
    breaches.push({ rule: "equals", message: "is another value than the one asked for", hint: `Write ${rules.equals}` });
  }
  if (rules.list) breaches.push(...checkList(value, rules.list, rules.each));
  if (rules.type) breaches.push(...checkKind(value, rules.type));
  if (rules.secret) breaches.push(...checkSecret(value, rules));
  return breaches;
}

function checkSecret(value: string, rules: VariableSettings): Breach[] {
  const hint = newSecret(rules);
  if (isPlaceholder(value)) return [{ rule: "secret", message: "is a placeholder that everybody knows", hint }];
  const long = rules.min_length !== undefined && rules.min_length >= 16 && value.length >= rules.min_length;
  return long && isWeak(value)
    ? [{ rule: "secret", message: `has ${value.length} characters that are easy to guess: they repeat or count up`, hint }]
    : [];
}
