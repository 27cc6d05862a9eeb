import type { Model } from "../model/model.ts";
import type { Launch, Service } from "../model/service.ts";
import { launchOf } from "../model/launch.ts";
import type { Start } from "../model/start.ts";
import { splitWords } from "../model/words.ts";
import type { Place, Source } from "../place.ts";
import { inherited, type Instruction, type Stage } from "../read/dockerfile.ts";
import { textOf, at } from "../read/yaml.ts";
import { parseDuration } from "../../base/time.ts";

/** A container's health check: the service's, else that of its image. */
export interface Probe {
  start: Start | undefined;
  service: Service | undefined;
  stage: Stage | undefined;
  launch: Launch;
  place: Place;
  /** Where its words are in the file, as they are written. */
  written: string;
  source: Source | undefined;
  timeoutMs: number;
}

/** Every health check of the tree. */
export function probes(model: Model): Probe[] {
  const ofServices = model.services.flatMap((service): Probe[] => {
    const check = service.healthcheck;
    if (!check?.test || check.disabled) return [];
    const start = model.starts.find((one) => one.service === service);
    const test = at(check.node, "test");
    const { source } = check.node;
    const place = test?.place ?? check.place;
    const timeout = textOf(at(check.node, "timeout"));
    return [
      {
        start,
        service,
        stage: service.stage,
        launch: check.test,
        place,
        written: source.text.slice(place.start, place.end),
        source,
        timeoutMs: (timeout && parseDuration(timeout)) || 30_000,
      },
    ];
  });
  const ofImages = model.dockerfiles.flatMap((file): Probe[] => {
    const stage = file.stages.at(-1);
    const instruction = healthcheckOf(stage);
    if (!instruction || !/^CMD\s/i.test(instruction.body)) return [];
    const start = model.starts.find((one) => one.dockerfile === file);
    const { place, start: from, body } = instruction;
    const skipped = /^CMD\s+/i.exec(body)?.[0].length ?? 0;
    const timeout = instruction.flags.get("timeout");
    const launch = launchOf({ ...instruction, body: body.slice(skipped), start: from + skipped });
    return [
      {
        start,
        service: undefined,
        stage,
        launch,
        place,
        written: body,
        source: file.source,
        timeoutMs: (timeout && parseDuration(timeout)) || 30_000,
      },
    ];
  });
  return [...ofServices, ...ofImages];
}

export function healthcheckOf(stage: Stage | undefined): Instruction | undefined {
  return inherited(stage).findLast((one) => one.name === "HEALTHCHECK" && !/^NONE\b/i.test(one.body));
}

/** The words of a probe; of a shell's text those of its first command. */
export function probeWords(probe: Probe): string[] {
  if (probe.launch.form === "exec") return probe.launch.words;
  return splitWords(probe.launch.text.split(/\|\||&&|[;|]/)[0] ?? "");
}

/** The address a probe asks: `http://localhost:3000/health`. */
export function probeUrl(probe: Probe): { host: string; port: number | undefined; portText: string; path: string } | undefined {
  const match = /\b(https?):\/\/(\[[^\]]+\]|[\w.-]+)(?::(\$\{?\w+[^}\s/]*\}?|\d+))?(\/[^\s"'`|;)&,]*)?/.exec(probe.launch.text);
  if (!match) return undefined;
  // `'http://127.0.0.1:' + port`: a program puts the rest together.
  const rest = probe.launch.text.slice(match.index + match[0].length);
  const isWhole = !/^(:|["'`]\s*\+|\$\{)/.test(rest);
  const [, scheme, host = "", portText = "", path = "/"] = match;
  return {
    host,
    port: /^\d+$/.test(portText) ? Number(portText) : portText === "" && isWhole ? (scheme === "https" ? 443 : 80) : undefined,
    portText,
    path,
  };
}

export const isLocal = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(host);
