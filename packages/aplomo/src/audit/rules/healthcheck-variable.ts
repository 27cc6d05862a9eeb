import { probes } from "../ask/probes.ts";
import { variablesIn } from "../../config/interpolate.ts";
import { itemsOf, textOf, at } from "../read/yaml.ts";
import type { Service } from "../model/service.ts";
import { assignments, inherited } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

/** The container has it, as a value of its own. */
function ownVariable(service: Service, name: string): boolean {
  const text = service.environment.get(name)?.text;
  return text !== undefined && !variablesIn(text).some((one) => one.name === name);
}

/** What compose puts in is the same today. */
function isSame(service: Service, name: string): boolean {
  return service.project.env.get(name) === service.environment.get(name)?.text;
}

export const healthcheckVariable: Rule = {
  id: "healthcheck-variable",
  title: "the health check asks for a variable that nobody puts in",
  area: "health",
  severity: "error",
  why: "a health check in list form is run without a shell: `$PORT` stays as it is, the request fails, and the container is unhealthy for ever",
  needs: ["start"],
  example: {
    Dockerfile:
      'FROM node:22\nENV PORT=3000\nCOPY server.js ./\nUSER node\nHEALTHCHECK CMD «["curl", "-f", "http://localhost:$PORT/healthz"]¦curl -f "http://localhost:$PORT/healthz"»\nCMD ["node", "server.js"]\n',
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      const { launch, service, place } = probe;
      const early = service && variablesIn(probe.written).find((one) => one.operator === undefined && ownVariable(service, one.name));
      if (early) {
        const known = service.project.env.has(early.name);
        const from = known ? "from its .env" : "from the shell that runs compose, where it is not set";
        const same = isSame(service, early.name);
        return [
          {
            place,
            ...(same ? { severity: "info" as const } : {}),
            message: `compose puts ${early.name} in before the container is there, ${from}: the service's own ${early.name} is never asked${same ? "; both are the same as it is" : ""}`,
            hint: `write $$${early.name} in a CMD-SHELL test, so that the container's shell puts it in`,
          },
        ];
      }
      if (!service && launch.form === "shell") {
        const set = new Set(inherited(probe.stage).flatMap((one) => (one.name === "ENV" ? assignments(one).map(({ name }) => name) : [])));
        const given = probe.start?.service?.environment;
        const unset = variablesIn(launch.text).find(
          (one) => one.operator === undefined && !set.has(one.name) && /PORT|HOST|URL/.test(one.name),
        );
        if (!unset || given?.has(unset.name) || (probe.start?.service?.envFiles.length ?? 0) > 0) return [];
        return [
          {
            place,
            severity: "warning",
            message: `the image does not set ${unset.name}: the check works only where somebody else does`,
            hint: `write \${${unset.name}:-3000} with the port the application takes without it, or ENV ${unset.name}=`,
          },
        ];
      }
      if (launch.form !== "exec") return [];
      if (service) {
        // Compose puts single dollars in itself, from the shell that runs it; what is doubled arrives as it is.
        const items = itemsOf(at(probe.service?.healthcheck?.node, "test"));
        const literal = items.find((item) => /\$\$\{?[A-Za-z_]/.test(textOf(item) ?? ""));
        if (literal)
          return [
            {
              place: literal.place,
              message: `no shell reads this list, so ${/\$(\$\{?\w+\}?)/.exec(textOf(literal) ?? "")?.[1] ?? "the variable"} reaches the program as these letters`,
              hint: "write the test as CMD-SHELL, or with the value itself",
            },
          ];
        return [];
      }
      const word = launch.words.find((one) => variablesIn(one).length > 0);
      if (word === undefined || /^(node|python3?|ruby|php|deno|bun)$/.test(launch.words[0] ?? "")) return [];
      return [
        {
          place,
          message: `no shell reads this list, so ${word.slice(variablesIn(word)[0]?.start, variablesIn(word)[0]?.end)} reaches the program as these letters`,
          hint: "write HEALTHCHECK CMD without the list, so that a shell puts the variable in",
        },
      ];
    }),
};
