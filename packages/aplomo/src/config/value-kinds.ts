/** A rule that a value does not keep, told without the value. */
export interface Breach {
  rule: string;
  message: string;
  hint: string;
}

type Kind = "url" | "port" | "number" | "host" | "boolean";

const host =
  /^(\*|\*?\.?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?|\[?[0-9a-f]*:[0-9a-f:.]+\]?)(:\d{1,5})?$/i;

const kinds: Record<Kind, { name: string; example: string; accepts(text: string): boolean }> = {
  url: {
    name: "a URL",
    example: "https://example.com",
    accepts: (text) => /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]/i.test(text) && !/\s/.test(text) && URL.canParse(text),
  },
  port: { name: "a port from 1 to 65535", example: "3000", accepts: (text) => /^\d{1,5}$/.test(text) && +text >= 1 && +text <= 65_535 },
  number: { name: "a number", example: "10", accepts: (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) },
  host: { name: "a host name", example: "app.example.com", accepts: (text) => host.test(text) },
  boolean: { name: "a yes or no", example: "true or false", accepts: (text) => /^(true|false|1|0|yes|no|on|off)$/i.test(text) },
};

/** Whether a value is what `type` says. */
export function checkKind(value: string, kind: Kind): Breach[] {
  if (kinds[kind].accepts(value)) return [];
  const spaced = value !== value.trim() ? "begins or ends with a space" : undefined;
  return [{ rule: "type", message: spaced ?? `is not ${kinds[kind].name}`, hint: `Write for example ${kinds[kind].example}` }];
}

/** Whether a list is written the way the application reads it, and each item is what it must be. */
export function checkList(value: string, form: "csv" | "json", each: Kind | undefined): Breach[] {
  const json = parseList(value);
  const broken = form === "csv" ? csvBreach(value, json) : jsonBreach(value, json);
  if (broken) return [{ rule: "list", ...broken }];
  const items = form === "csv" ? value.split(",") : (json ?? []);
  const wrong = items.flatMap((item, index) => (each === undefined || kinds[each].accepts(String(item)) ? [] : [index + 1]));
  if (each === undefined || wrong.length === 0) return [];
  const which = wrong.length === 1 ? `item ${wrong[0]} is` : `items ${wrong.join(", ")} are each`;
  return [{ rule: "each", message: `${which} not ${kinds[each].name}`, hint: `Write each item as in ${kinds[each].example}` }];
}

type Words = Omit<Breach, "rule">;

function csvBreach(value: string, json: unknown[] | undefined): Words | undefined {
  const hint = 'Write first,second without brackets and quotes, instead of ["first","second"]';
  if (json || /^\s*[[{]/.test(value)) return { message: "is a list in JSON, and the application reads comma-separated values", hint };
  const items = value.split(",");
  const empty = items.findIndex((item) => item.trim() === "") + 1;
  if (empty > 0) return { message: `has nothing in item ${empty}`, hint: "Remove the comma too many" };
  const spaced = items.findIndex((item) => item !== item.trim()) + 1;
  if (spaced > 0)
    return {
      message: `has a space around item ${spaced}, which many programs take for part of it`,
      hint: "Write first,second without spaces",
    };
  const quoted = items.findIndex((item) => /^["']|["']$/.test(item)) + 1;
  return quoted > 0 ? { message: `has quotes around item ${quoted}`, hint: "Write first,second without quotes" } : undefined;
}

function jsonBreach(value: string, json: unknown[] | undefined): Words | undefined {
  const hint = 'Write ["first","second"] with brackets and double quotes, instead of first,second';
  if (!json) {
    const bracket = value.trim().startsWith("[");
    return bracket
      ? { message: "begins like a list in JSON and is not valid JSON", hint: 'Write ["first","second"], each item in double quotes' }
      : { message: "is comma-separated or one plain value, and the application reads a list in JSON", hint };
  }
  if (json.length === 0) return { message: "is an empty list", hint: 'Write its items: ["first","second"]' };
  const odd = json.findIndex((item) => typeof item === "object" || item === "") + 1;
  return odd > 0 ? { message: `has in item ${odd} neither text nor a number`, hint: 'Write ["first","second"]' } : undefined;
}

function parseList(value: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
