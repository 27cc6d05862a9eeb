import type { Folder } from "./folder.ts";

/** The likeliest first. */
const routes = ["/healthz", "/api/healthz", "/api/health", "/health", "/api/v1/health", "/readyz", "/up", "/ping"];

/** A route that looks made for health checks, and the file it stands in. */
export async function findHealth(folder: Folder): Promise<{ path: string; from: string } | undefined> {
  const paged = await folder.files(/(^|\/)(app|pages)\/api\/healthz?(\/route)?\.[jt]sx?$/);
  const [page] = paged;
  if (page !== undefined) return { path: page.includes("healthz") ? "/api/healthz" : "/api/health", from: page };
  const seen = new Map<string, string>();
  for (const file of (await folder.files(/\.(c|m)?[jt]sx?$|\.(py|rb|go|php|java|kt|rs|ex)$/)).slice(0, 600)) {
    const text = await folder.text(file);
    for (const route of routes) if (!seen.has(route) && isNamed(text, route)) seen.set(route, file);
  }
  const path = routes.find((route) => seen.has(route));
  return path === undefined ? undefined : { path, from: seen.get(path) ?? "" };
}

/** In quotes: alone, behind a method (`GET /healthz`), or with a last slash. */
function isNamed(text: string | undefined, route: string): boolean {
  return text !== undefined && new RegExp(`["'\`](?:[A-Z]+ )?${route}/?["'\`]`).test(text);
}
