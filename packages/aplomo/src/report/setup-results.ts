import type { Colour } from "./colours.ts";
import type { Show } from "./show.ts";
import { rows } from "./table.ts";
import { text } from "./value.ts";

const marks: Record<string, [Colour, string]> = { good: ["green", "✓"], warning: ["yellow", "!"], bad: ["red", "✗"] };

/** What `setup` found and did on a server. */
export const setupResults: Record<string, Show> = {
  setup: (data, paint, say) => [
    paint("bold", say`${text(data["user"])} on ${text(data["host"])}, ${text(data["folder"])}`),
    ...rows(data["checks"]).flatMap((check) => {
      const [colour, mark] = marks[text(check["state"])] ?? marks["bad"] ?? ["red", "✗"];
      const hint = check["hint"] === null ? [] : [`    ${paint("cyan", say(text(check["hint"])))}`];
      return [`  ${paint(colour, mark)} ${say(text(check["check"]))}: ${say(text(check["found"]))}`, ...hint];
    }),
  ],
  "setup removed": (data, _paint, say) => [
    ...(data["agent"] === null ? [] : [say`the agent was taken from ${text(data["agent"])}`]),
    data["removed"]
      ? say`Aplomo was taken away from ${text(data["host"])}; what it deployed runs on, and releases and backups stay in ${text(data["folder"])}`
      : data["here"]
        ? say("npm uninstall takes the program itself away")
        : say`there is no Aplomo on ${text(data["host"])}`,
  ],
};
