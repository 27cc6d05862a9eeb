import type { Show } from "./show.ts";
import { texts } from "./table.ts";
import { countOf, text } from "./value.ts";

/** What the commands of `data` did, for people. */
export const dataResults: Record<string, Show> = {
  "data push": (data, paint, say) => [
    say`${paint("green", "✓")} ${text(data["dump"])} came whole into ${text(data["place"])}: ${say(countOf(data["rows"], "row"))}`,
    ...texts(data["proof"]).map((line) => `  ${say(line)}`),
  ],
  "data pushed": (data, paint, say) => [
    say`${paint("green", "✓")} it is the data of ${text(data["database"])}; the data before it is kept as ${text(data["place"])}`,
    say("  aplomo backup restore --undo puts it back"),
  ],
};
