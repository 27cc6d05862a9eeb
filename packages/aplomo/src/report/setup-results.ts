import type { Colour, Paint } from "./colours.ts";
import { rows, type Row } from "./table.ts";
import { text } from "./value.ts";

const marks: Record<string, [Colour, string]> = { good: ["green", "✓"], warning: ["yellow", "!"], bad: ["red", "✗"] };

/** What `setup` found and did on a server. */
export const setupResults: Record<string, (data: Row, paint: Paint) => string[]> = {
  setup: (data, paint) => [
    paint("bold", `${text(data["user"])} on ${text(data["host"])}, ${text(data["folder"])}`),
    ...rows(data["checks"]).flatMap((check) => {
      const [colour, mark] = marks[text(check["state"])] ?? marks["bad"] ?? ["red", "✗"];
      const hint = check["hint"] === null ? [] : [`    ${paint("cyan", text(check["hint"]))}`];
      return [`  ${paint(colour, mark)} ${text(check["check"])}: ${text(check["found"])}`, ...hint];
    }),
  ],
  "setup removed": (data) => [
    data["removed"]
      ? `Aplomo was taken away from ${text(data["host"])}; what it deployed runs on, and releases and backups stay in ${text(data["folder"])}`
      : `there is no Aplomo on ${text(data["host"])}`,
  ],
};
