import type { Paint } from "./colours.ts";
import { texts, type Row } from "./table.ts";
import { text } from "./value.ts";

/** What the commands of `data` did, for people. */
export const dataResults: Record<string, (data: Row, paint: Paint) => string[]> = {
  "data push": (data, paint) => [
    `${paint("green", "✓")} ${text(data["dump"])} came whole into ${text(data["place"])}: ${text(data["rows"])} rows`,
    ...texts(data["proof"]).map((line) => `  ${line}`),
  ],
  "data pushed": (data, paint) => [
    `${paint("green", "✓")} it is the data of ${text(data["database"])}; the data before it is kept as ${text(data["place"])}`,
    "  aplomo backup restore --undo puts it back",
  ],
};
