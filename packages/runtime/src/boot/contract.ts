import type { Problem } from "./failure.ts";
import type { Variable } from "./settings.ts";

type Env = NodeJS.ProcessEnv;
type Rule = (value: string, rules: Variable) => string | undefined;

/** Each says what the value must be when it is not. Values are never repeated: they may be secret. */
const rules: Rule[] = [
  (value, { min_length: min }) =>
    min !== undefined && value.length < min ? `at least ${min} characters, it has ${value.length}` : undefined,
  (value, { max_length: max }) =>
    max !== undefined && value.length > max ? `at most ${max} characters, it has ${value.length}` : undefined,
  (value, { pattern }) => (pattern !== undefined && !new RegExp(pattern).test(value) ? `of the form ${pattern}` : undefined),
  (value, { one_of: allowed }) => (allowed && !allowed.includes(value) ? `one of ${allowed.join(", ")}` : undefined),
  (value, { equals }) => (equals !== undefined && value !== equals ? `exactly ${equals}` : undefined),
  (value, { type }) => (type && !forms[type](value) ? articles[type] : undefined),
  (value, { list, each }) => (list ? listProblem(value, list, each) : undefined),
];

const articles = { url: "a URL", port: "a port, 1 to 65535", number: "a number", boolean: "true or false", host: "a host name" };

const forms: Record<keyof typeof articles, (value: string) => boolean> = {
  url: (value) => URL.canParse(value),
  port: (value) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535,
  number: (value) => value.trim() !== "" && Number.isFinite(Number(value)),
  boolean: (value) => /^(true|false|1|0)$/.test(value),
  host: (value) => /^(\*|\*?[\w-]*(\.[\w-]+)*)(:\d+)?$/.test(value) && value !== "",
};

/** Every variable that is missing, empty, short, of the wrong form, or set though it must not be. */
export function contractProblems(contract: { require: Record<string, Variable>; forbid: string[] }, env: Env): Problem[] {
  const required = Object.entries(contract.require).flatMap(([name, variable]): Problem[] => {
    const value = env[name];
    if (value === undefined || value === "") return [{ message: `${name} is ${value === "" ? "empty" : "missing"}`, hint: `set ${name}` }];
    return rules.flatMap((rule) => {
      const wanted = rule(value, variable);
      return wanted ? [{ message: `${name} must be ${wanted}`, hint: `correct ${name}` }] : [];
    });
  });
  const forbidden = contract.forbid
    .filter((name) => env[name] !== undefined)
    .map((name) => ({ message: `${name} is set, and must not be here`, hint: `take ${name} out of this service's environment` }));
  return [...required, ...forbidden];
}

function listProblem(value: string, kind: "csv" | "json", each: Variable["each"]): string | undefined {
  const looksLikeJson = value.trim().startsWith("[");
  if (kind === "csv" && looksLikeJson) return "comma-separated (a,b), not JSON";
  if (kind === "json" && !looksLikeJson) return 'a JSON list (["a","b"]), not comma-separated';
  const items = kind === "csv" ? value.split(",").map((item) => item.trim()) : parseList(value);
  if (!items) return "a JSON list of texts";
  if (items.includes("")) return "a list without empty items";
  return each && !items.every(forms[each]) ? `a list whose items are each ${articles[each]}` : undefined;
}

function parseList(text: string): string[] | undefined {
  try {
    const list = JSON.parse(text) as unknown;
    return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}
