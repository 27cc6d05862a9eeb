import type { Site, Upstream } from "../contract.ts";
import { addressOf } from "../upstreams.ts";

/** Words for `kamal-proxy`, as data. */
export function deployArgs(site: Site, upstreams: readonly Upstream[], deployLimit: number): string[] {
  const base = site.path.replace(/\/+$/, "");
  return [
    "deploy",
    site.app,
    ...upstreams.flatMap((upstream) => ["--target", addressOf(upstream)]),
    ...site.hosts.flatMap((host) => ["--host", host]),
    ...(base === "" ? [] : ["--path-prefix", base, "--strip-path-prefix=false"]),
    ...(site.https ? ["--tls"] : []),
    ...(site.https && site.certificate
      ? ["--tls-certificate-path", site.certificate.file, "--tls-private-key-path", site.certificate.key]
      : []),
    // It counts 2xx alone as well. Without a path that answers so, the driver has asked and it is told not to.
    ...(site.health === null ? ["--force"] : ["--health-check-path", site.health, "--health-check-interval", "250ms"]),
    "--deploy-timeout",
    ms(deployLimit),
    "--drain-timeout",
    ms(site.drain),
    // Requests may take as long as the application lets them.
    "--target-timeout",
    "1h",
  ];
}

export function pauseArgs(site: Site, limit: number): string[] {
  return ["pause", site.app, "--drain-timeout", ms(site.drain), "--max-pause", ms(limit)];
}

function ms(time: number): string {
  return `${Math.round(time)}ms`;
}

/** One line of `kamal-proxy list`. */
export interface Listed {
  service: string;
  host: string;
  path: string;
  targets: string[];
  state: string;
  tls: boolean;
}

/** The table it prints; no cell holds a blank. */
export function parseList(text: string): Listed[] {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return lines.flatMap(([service, host, path, targets, state, tls]) =>
    tls === "yes" || tls === "no" ? [{ service, host, path, targets: targets?.split(",") ?? [], state, tls: tls === "yes" } as Listed] : [],
  );
}
