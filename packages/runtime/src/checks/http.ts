import type { Check, CheckOptions } from "../health/check.ts";

/** Gets a URL; a status of 400 or more, or no answer, is a failure. Often not critical: an outage of theirs need not be one of yours. */
export function http(url: string | URL, options: CheckOptions = {}): Check {
  const ask = async (signal: AbortSignal): Promise<void> => {
    const response = await fetch(url, { signal, redirect: "follow" });
    await response.body?.cancel();
    if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { code: `HTTP_${response.status}` });
  };
  return { ...options, ask };
}
