import type { Path } from "./problem.ts";

const secretName = /(^|_)(secret|password|passwd|pwd|token|credentials?|(secret|private|api|access|encryption|signing)_?key)$/i;
const hidden = "[secret]";
const longest = 60;

/** Whether a variable of this name holds something nobody may see: `SESSION_SECRET`, `POSTGRES_PASSWORD`. */
export function looksSecret(name: string): boolean {
  return secretName.test(name);
}

/** Whether an URL has a password in it; `${...}` does not count. */
export function holdsPassword(url: string): boolean {
  const user = /^[a-z][a-z0-9+.-]*:\/\/(.*)@/is.exec(url)?.[1];
  const password = user?.slice(user.indexOf(":") + 1);
  return user !== undefined && user.includes(":") && password !== "" && !/^\$\{[^}]*\}$/.test(password ?? "");
}

/** What stands at a path, for an error: quoted, shortened, with nothing in it that may be secret. */
export function shown(value: unknown, path: Path): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = mask(typeof value === "string" ? value : JSON.stringify(value), path);
  return typeof value === "string" && text !== hidden ? JSON.stringify(shorten(text)) : shorten(text);
}

function mask(text: string, path: Path): string {
  const named = path.some((key) => typeof key === "string" && looksSecret(key));
  const key = path.findLast((part) => typeof part === "string");
  if (named && (key === "equals" || key === "one_of" || looksSecret(String(key)))) return hidden;
  // A database's url that is not one may be a password in the wrong place.
  if (key === "url" && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !text.startsWith("${")) return hidden;
  return text
    .replace(/:-[^}]*\}/g, ":-...}")
    .replace(/^([a-z][a-z0-9+.-]*:\/*)?\S*:.*@/is, `$1${hidden}@`)
    .replace(/([?&][^=&]*(?:password|secret|token|key|sig)[^=&]*=)[^&]*/gi, `$1${hidden}`);
}

function shorten(text: string): string {
  const points = Array.from(text);
  return points.length > longest ? `${points.slice(0, longest).join("")}...` : text;
}
