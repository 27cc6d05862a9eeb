import { programs, search } from "../ask/code.ts";
import { assignments } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

export const nextSignals: Rule = {
  id: "next-signals",
  title: "Next.js leaves signals to a handler that is not there",
  area: "shutdown",
  severity: "warning",
  why: "with NEXT_MANUAL_SIG_HANDLE Next.js does nothing on SIGTERM; without a handler of yours the container is killed after ten seconds with its requests",
  needs: ["dockerfile"],
  example: {
    Dockerfile: 'FROM node:22-slim\nENV NEXT_MANUAL_SIG_HANDLE=true\nCOPY .next/standalone ./\nUSER node\nCMD ["node", "server.js"]\n',
    "instrumentation.ts": "export function register() {\n  «start();¦process.on('SIGTERM', stop);»\n}\n",
  },
  check: (model) => {
    const handled = search(programs(model), "SIGTERM", /SIGTERM/).length > 0;
    if (handled) return [];
    const inFiles = model.dockerfiles.flatMap((file) =>
      file.instructions
        .filter((one) => one.name === "ENV")
        .flatMap((one) =>
          assignments(one)
            .filter(({ name, value }) => name === "NEXT_MANUAL_SIG_HANDLE" && value !== "" && value !== "false")
            .map(({ offset, name }) => file.source.at(offset, offset + name.length)),
        ),
    );
    const inServices = model.services.flatMap((service) => service.environment.get("NEXT_MANUAL_SIG_HANDLE")?.place ?? []);
    return [...inFiles, ...inServices].map((place): Found => ({
      place,
      message: "Next.js is told to leave signals alone, and nothing here handles SIGTERM",
      hint: "remove NEXT_MANUAL_SIG_HANDLE, or handle SIGTERM in instrumentation.ts",
    }));
  },
};
