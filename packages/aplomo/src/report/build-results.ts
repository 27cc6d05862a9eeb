import type { Paint } from "./colours.ts";
import { rows, type Row } from "./table.ts";
import { text } from "./value.ts";

/** What `build` made, for people: each line ends with what `deploy --image` takes. */
export const buildResults: Record<string, (data: Row, paint: Paint) => string[]> = {
  build: (data, paint) =>
    rows(data["images"]).flatMap((image) => [
      `${paint("green", "✓")} ${text(image["service"])}  ${text(image["tag"])}  ${text(image["platform"])}  ${image["skipped"] ? "unchanged, and " : ""}${text(image["reference"]).startsWith("sha256:") ? "on this machine" : "in the registry"}`,
      `  ${text(image["service"])}=${text(image["reference"])}`,
    ]),
};
