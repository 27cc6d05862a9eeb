/** How a line matters. `info` goes to standard output, the others to standard error. */
export type Level = "info" | "warn" | "error";

/** Facts beside a message: short, plain, nothing secret. Undefined ones are left out. */
export type Facts = Record<string, string | number | boolean | string[] | undefined>;

/** Takes one line. Never throws. */
export type Log = (level: Level, message: string, facts?: Facts) => void;

/**
 * Writes one line a call: text, or JSON (`time`, `level`, `source`, `message`, then the facts) when `APLOMO_LOG=json`.
 * Lines are written at once, so that none is lost when the process exits right after.
 */
export function lineLog(source: string, env: NodeJS.ProcessEnv = process.env): Log {
  const format = env.APLOMO_LOG === "json" ? json : text;
  return (level, message, facts = {}) => {
    const out = level === "info" ? process.stdout : process.stderr;
    out.write(`${format(source, level, message, facts)}\n`);
  };
}

function json(source: string, level: Level, message: string, facts: Facts): string {
  return JSON.stringify({ time: new Date().toISOString(), level, source, message, ...facts });
}

function text(source: string, level: Level, message: string, facts: Facts): string {
  const pairs = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`]));
  const loud = level === "info" ? "" : `${level}: `;
  return `${source}: ${loud}${message}${pairs.length > 0 ? ` (${pairs.join(", ")})` : ""}`;
}
