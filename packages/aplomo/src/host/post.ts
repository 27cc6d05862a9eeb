import { reason } from "../base/errors.ts";

/** What became of a message; `problem` is null when it was taken. */
export interface Posted {
  status: number | null;
  problem: string | null;
}

/** One POST, which is never repeated and follows no redirect. Never throws, and never says where it went: the address may be a secret. */
export async function post(url: string, headers: Record<string, string>, body: string, timeout: number): Promise<Posted> {
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(timeout) });
    const said = (await response.text()).slice(0, 200).replace(/\s+/g, " ").trim();
    const problem = response.ok ? null : `it answers ${response.status}${said ? `: ${said}` : ""}`;
    return { status: response.status, problem };
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    return {
      status: null,
      problem: cause?.code ?? (error instanceof DOMException ? `no answer within ${timeout / 1_000} s` : plain(error)),
    };
  }
}

/** Some messages of fetch repeat the address. */
function plain(error: unknown): string {
  return reason(error).replace(/(https?:)?\/\/\S+/g, "[address]");
}
