import { hasProgram } from "../ask/images.ts";
import { probes, probeWords } from "../ask/probes.ts";
import { bottomImage } from "../read/dockerfile.ts";
import { parseShell } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const healthcheckTool: Rule = {
  id: "healthcheck-tool",
  title: "the health check's program is not in the image",
  area: "health",
  severity: "error",
  why: "the check fails every time, and the container is unhealthy although the application works",
  needs: ["start"],
  example: {
    Dockerfile:
      'FROM node:22-«slim¦bookworm»\nCOPY server.js ./\nUSER node\nHEALTHCHECK CMD curl -f http://localhost:3000/healthz\nCMD ["node", "server.js"]\n',
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      const { launch, source } = probe;
      const programs =
        launch.form === "exec" || !source
          ? [probeWords(probe)[0] ?? ""]
          : parseShell({ ...source, text: launch.text, at: source.at.bind(source) }).commands.map(
              (command) => command.words[0]?.value ?? "",
            );
      const wanted = programs.filter((name) => /^(curl|wget|nc)$/.test(name));
      // `curl ... || wget ...` is content with one of them.
      if (wanted.length === 0 || new Set(wanted).size > 1) return [];
      const [program = ""] = wanted;
      if (hasProgram(probe.stage, probe.service?.image, program) !== false) return [];
      const base = probe.stage ? bottomImage(probe.stage) : (probe.service?.image ?? "");
      return [
        {
          place: probe.place,
          message: `${base} has no ${program}`,
          hint: `ask with what is there (${/node/.test(base) ? 'node -e "fetch(...)"' : /python/.test(base) ? "python -c with urllib" : program === "curl" ? "wget, where the image is Alpine" : "the program itself"}), or install ${program} in the image`,
          ...(probe.stage ? { related: [{ place: probe.stage.from.place, message: "the image" }] } : {}),
        },
      ];
    }),
};
