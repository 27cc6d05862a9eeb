import type { Model } from "../model/model.ts";
import type { Start } from "../model/start.ts";
import type { Place } from "../place.ts";
import { closingBracket, type Code } from "../read/code.ts";
import { product } from "../read/literal.ts";
import { programsOf, search } from "./code.ts";

/** How long something gives an ending application, and where that is said. */
export interface Limit {
  name: string;
  ms: number;
  place: Place;
  /** Nobody wrote it: it is the default. */
  isDefault: boolean;
}

/** Libraries that end an application: the option that limits them, and what holds without it. */
const libraries: { pattern: RegExp; option: RegExp; fallback: number | undefined }[] = [
  { pattern: /\bcloseWithGrace\s*\(/g, option: /\bdelay\s*:\s*([\w.*\s]+)/, fallback: 10_000 },
  { pattern: /\bcreateTerminus\s*\(/g, option: /\btimeout\s*:\s*([\w.*\s]+)/, fallback: undefined },
  { pattern: /\bcreateHttpTerminator\s*\(/g, option: /\bgracefulTerminationTimeout\s*:\s*([\w.*\s]+)/, fallback: undefined },
  { pattern: /\b(?:gracefulShutdown|GracefulShutdown)\s*\(/g, option: /\btimeout\s*:\s*([\w.*\s]+)/, fallback: undefined },
  { pattern: /\b(?:graceful|stopGracefully)\s*\(/g, option: /\bdeadline\s*:\s*([\w.*\s]+)/, fallback: undefined },
];

/** The application's own limit: the longest time after which it ends itself by force. */
export function deadlineOf(model: Model, start: Start): Limit | undefined {
  const files = programsOf(model, start).filter((code) => code.language === "js");
  const found = [...timers(files), ...options(files), ...flags(start)];
  return found.toSorted((a, b) => b.ms - a.ms)[0];
}

/** `setTimeout(() => process.exit(1), 10_000)` in a file that handles the signal. */
function timers(files: readonly Code[]): Limit[] {
  const calls = search(files, /SIGTERM|SIGINT/, /\bsetTimeout\s*\(/g, "bare");
  return calls.flatMap(({ code, match }): Limit[] => {
    if (!/\.(on|once|addListener)\s*\(\s*["'`](SIGTERM|SIGINT)|\[\s*["'](SIGTERM|SIGINT)["']/.test(code.plain)) return [];
    const open = match.index + match[0].length - 1;
    const close = closingBracket(code.bare, open);
    const inside = code.bare.slice(open + 1, close);
    if (!/\bexit\s*\(|closeAllConnections|\.destroy\s*\(/.test(inside) || /\bsetTimeout\b/.test(inside)) return [];
    const comma = inside.lastIndexOf(",");
    const last = inside.slice(comma + 1).trim();
    const ms = numberOf(code, last === "" ? inside.slice(inside.slice(0, comma).lastIndexOf(",") + 1, comma).trim() : last);
    return ms === undefined || ms < 200
      ? []
      : [{ name: "the application's own limit", ms, place: code.source.at(match.index, close + 1), isDefault: false }];
  });
}

function options(files: readonly Code[]): Limit[] {
  return libraries.flatMap(({ pattern, option, fallback }) =>
    search(files, /race|terminus|Terminat/i, pattern, "bare").flatMap(({ code, match }): Limit[] => {
      if (/\b(function|import|class)\s+\w*$/.test(code.bare.slice(Math.max(0, match.index - 30), match.index))) return [];
      const open = match.index + match[0].length - 1;
      const close = closingBracket(code.bare, open);
      const written = option.exec(code.bare.slice(open, close))?.[1]?.trim();
      const ms = written === undefined ? fallback : numberOf(code, written);
      return ms === undefined || ms < 200
        ? []
        : [{ name: "the application's own limit", ms, place: code.source.at(match.index, open), isDefault: written === undefined }];
    }),
  );
}

/** What servers are told on their command line. */
function flags(start: Start): Limit[] {
  return start.commands.flatMap(({ command, words }): Limit[] => {
    const text = words.join(" ");
    const seconds =
      /^(?:uvicorn|fastapi|hypercorn)\b.*--timeout-graceful-shutdown[ =](\d+)/.exec(text)?.[1] ??
      /^gunicorn\b.*--graceful-timeout[ =](\d+)/.exec(text)?.[1];
    return seconds === undefined
      ? []
      : [{ name: `${words[0]}'s own limit`, ms: Number(seconds) * 1_000, place: command.place, isDefault: false }];
  });
}

/** A number, a product, or a name that this file gives one. */
function numberOf(code: Code, text: string, depth = 0): number | undefined {
  const direct = product(text);
  if (direct !== undefined) return Number(direct);
  if (!/^[A-Za-z_$][\w$]*$/.test(text) || depth > 3) return undefined;
  const found = new RegExp(`\\b${text.replaceAll("$", "\\$")}\\s*(?::\\s*number\\s*)?=\\s*([^;,\\n)}]+)`).exec(code.bare)?.[1]?.trim();
  return found === undefined || found === text ? undefined : numberOf(code, found, depth + 1);
}
