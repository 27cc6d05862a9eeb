import type { Rule } from "../rule.ts";

export const environmentDiffers: Rule = {
  id: "environment-differs",
  title: "a unit has another environment than the env file",
  why: "The file was changed and the unit only restarted, which keeps the old environment; or compose did not hand the variable on, and the program has it empty (I18, S5.5).",
  next: "`aplomo deploy`: it makes the units anew and proves that the values inside are the ones meant.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units
      .filter(({ data, state }) => !data && state !== "stopped")
      .flatMap(({ name, variables }) => {
        const told = { "another value inside": variables?.other, "empty inside": variables?.empty, "not inside": variables?.missing };
        const evidence = Object.entries(told).flatMap(([how, names = []]) => (names.length > 0 ? [`${how}: ${names.join(", ")}`] : []));
        return evidence.length > 0
          ? [{ subject: name, message: "it does not have the environment that the files give it by now", evidence }]
          : [];
      }),
};
