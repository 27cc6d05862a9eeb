import { probes } from "../ask/probes.ts";
import { parseShell } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const healthcheckStatus: Rule = {
  id: "healthcheck-status",
  title: "the health check is content with an error page",
  area: "health",
  severity: "warning",
  why: "curl without -f ends with 0 for a 500 or 404 as well: the container counts as healthy as long as anything answers; a process that is gone is still noticed, hence a warning",
  needs: ["start"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    healthcheck:\n      test: curl «¦-f »http://localhost:3000/healthz\n",
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      const { launch, source, place } = probe;
      if (!source) return [];
      const commands =
        launch.form === "exec"
          ? [{ words: launch.words, place, only: true }]
          : parseShell({ ...source, path: place.file, text: launch.text, at: source.at.bind(source) }).commands.map((command, _, all) => ({
              words: command.words.map((word) => word.value),
              place,
              only: all.length <= 2 && command.after !== "|",
            }));
      return commands.flatMap(({ words, only }): Found[] => {
        if (words[0] !== "curl" || !only) return [];
        const options = words.slice(1).filter((word) => word.startsWith("-"));
        const fails = options.some((word) => /^--fail(-with-body|-early)?$/.test(word) || /^-[A-Za-z]*f/.test(word));
        // Whoever looks at the status or the answer decides by that.
        if (
          fails ||
          words.some((word) => /http_code/.test(word)) ||
          /grep|test |\[ /.test(launch.text) ||
          !words.some((word) => /^https?:|localhost|127\.|:\d/.test(word))
        )
          return [];
        const found = probe.written.search(/\bcurl\b/);
        const at = found === -1 ? undefined : source.text.indexOf("curl", place.start + found - (probe.service ? 0 : 0));
        const inList = launch.form === "exec";
        return [
          {
            place,
            message: "curl without -f: a 500 counts as healthy",
            hint: "add -f (and -sS, so that only errors are printed)",
            ...(at === undefined || at > place.end || (inList && !/^curl["']?\s*,/.test(source.text.slice(at, at + 12)))
              ? {}
              : {
                  fix: {
                    title: "let curl fail for an error status",
                    changesBehaviour: true,
                    edits: [
                      inList
                        ? {
                            place: source.at(
                              at + 4 + (/^curl["']/.test(source.text.slice(at, at + 5)) ? 1 : 0),
                              at + 4 + (/^curl["']/.test(source.text.slice(at, at + 5)) ? 1 : 0),
                            ),
                            text: ', "-f"',
                          }
                        : { place: source.at(at + 4, at + 4), text: " -f" },
                    ],
                  },
                }),
          },
        ];
      });
    }),
};
