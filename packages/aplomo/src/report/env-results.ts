import { findingLines } from "./findings.ts";
import type { Show } from "./show.ts";
import { rows, table, texts } from "./table.ts";
import { text } from "./value.ts";

/** What the commands of `env` found, for people. Names and fingerprints: there are no values in it. */
export const envResults: Record<string, Show> = {
  "env check": findingLines,
  "env diff": (data, paint, say) => {
    const [changes, units] = [rows(data["changes"]), rows(data["units"]).filter((unit) => texts(unit["differences"]).length > 0)];
    const release = text(data["release"]);
    return [
      ...(changes.length === 0
        ? [say`${paint("green", "✓")} the environment is that of ${release}`]
        : table(
            ["variable", "", release, "now"],
            changes.map((one) => [one["name"], say(text(one["change"])), one["before"], one["now"]]),
            say,
          )),
      ...(units.length === 0 ? [say`${paint("green", "✓")} every unit has the environment of ${release}`] : []),
      ...units.flatMap((unit) => texts(unit["differences"]).map((line) => `${paint("red", "✗")} ${text(unit["unit"])}: ${say(line)}`)),
      ...(changes.length + units.length === 0 ? [] : [say("aplomo deploy --env-only gives it to the units")]),
    ];
  },
  "env push": (data, paint, say) => {
    if (data["changed"] === false) return [say`${paint("green", "✓")} ${text(data["file"])} is the same already`];
    const said = ["added", "changed", "removed"].flatMap((kind) => {
      const names = texts(data[`${kind}Names`]);
      return names.length === 0 ? [] : [`  ${say(kind)}: ${names.join(", ")}`];
    });
    const kept = data["kept"] === null ? [] : [say`  the former one is kept: ${text(data["kept"])}`];
    return [
      say`${paint("green", "✓")} replaced ${text(data["file"])}`,
      ...said,
      ...kept,
      say("  aplomo deploy --env-only gives it to the units"),
    ];
  },
};
