import type { Found, Rule } from "../rule.ts";

export const CAMEL: Rule = {
  id: "NAME",
  title: "what is wrong, in a few words",
  area: "compose",
  severity: "warning",
  why: "what happens in production, and so why it is a warning and no error",
  needs: ["compose"],
  // «bad¦good»: with the first half it is found, with the second it is not.
  example: { "compose.yml": "services:\n  web:\n    image: registry.example/web:1\n    privileged: «true¦false»\n" },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const entry = service.keys.get("privileged");
      if (entry?.value.kind !== "scalar" || entry.value.value !== true) return [];
      return [{ place: entry.value.place, message: "what is so here, and what will happen", hint: "the next act" }];
    }),
};
