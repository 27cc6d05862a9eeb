import type { Paint } from "./colours.ts";
import { findingLines } from "./findings.ts";
import { rows, table, texts, type Row } from "./table.ts";
import { text } from "./value.ts";

/** What the commands of `env` found, for people. Names and fingerprints: there are no values in it. */
export const envResults: Record<string, (data: Row, paint: Paint) => string[]> = {
  "env check": findingLines,
  "env diff": (data, paint) => {
    const [changes, units] = [rows(data["changes"]), rows(data["units"]).filter((unit) => texts(unit["differences"]).length > 0)];
    const release = text(data["release"]);
    return [
      ...(changes.length === 0
        ? [`${paint("green", "✓")} the environment is that of ${release}`]
        : table(
            ["variable", "", release, "now"],
            changes.map((one) => [one["name"], one["change"], one["before"], one["now"]]),
          )),
      ...(units.length === 0 ? [`${paint("green", "✓")} every unit has the environment of ${release}`] : []),
      ...units.flatMap((unit) => texts(unit["differences"]).map((line) => `${paint("red", "✗")} ${text(unit["unit"])}: ${line}`)),
      ...(changes.length + units.length === 0 ? [] : ["aplomo deploy --env-only gives it to the units"]),
    ];
  },
  "env push": (data, paint) => {
    if (data["changed"] === false) return [`${paint("green", "✓")} ${text(data["file"])} is the same already`];
    const said = ["added", "changed", "removed"].flatMap((kind) => {
      const names = texts(data[`${kind}Names`]);
      return names.length === 0 ? [] : [`  ${kind}: ${names.join(", ")}`];
    });
    const kept = data["kept"] === null ? [] : [`  the former one is kept: ${text(data["kept"])}`];
    return [`${paint("green", "✓")} replaced ${text(data["file"])}`, ...said, ...kept, "  aplomo deploy --env-only gives it to the units"];
  },
};
