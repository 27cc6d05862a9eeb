/** The body of a 200 answer; undefined for every other answer and for none. */
export async function textOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}
