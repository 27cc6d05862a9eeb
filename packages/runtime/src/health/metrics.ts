import type { StatusParts } from "./status.ts";
import { statusCode } from "./status.ts";

/** The content type of the text: Prometheus' exposition format, version 0.0.4. */
export const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** What /status says, for Prometheus. Times in seconds, sizes in bytes, as its conventions want. */
export function metricsText(parts: StatusParts): string {
  const { state, report, release, vitals, inFlight } = parts;
  const checks = Object.entries(report.checks);
  return [
    gauge("aplomo_up", "1 while requests may be sent here.", [["", statusCode(state, report) === 200 ? 1 : 0]]),
    gauge("aplomo_release_info", "The release that runs.", [[labels({ release: release.release ?? "", commit: release.commit ?? "" }), 1]]),
    gauge("aplomo_requests_in_flight", "Requests being answered.", [["", inFlight]]),
    gauge(
      "aplomo_check_healthy",
      "1 when the check passed.",
      checks.map(([check, { status }]) => [labels({ check }), status === "healthy" ? 1 : 0]),
    ),
    gauge(
      "aplomo_check_seconds",
      "How long the check took.",
      checks.map(([check, { ms }]) => [labels({ check }), ms / 1_000]),
    ),
    gauge("process_uptime_seconds", "Seconds since the process started.", [["", vitals.uptimeSeconds]]),
    gauge("process_resident_memory_bytes", "Memory in use.", [["", vitals.memory.rssMegabytes * 1_048_576]]),
    gauge("nodejs_eventloop_delay_p99_seconds", "How late the event loop came, 99th percentile.", [
      ["", vitals.eventLoopDelay.p99Ms / 1_000],
    ]),
  ].join("");
}

function gauge(name: string, help: string, samples: [labels: string, value: number][]): string {
  if (samples.length === 0) return "";
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function labels(pairs: Record<string, string>): string {
  const escaped = Object.entries(pairs).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`))}"`,
  );
  return `{${escaped.join(",")}}`;
}
