import type { Show } from "./show.ts";
import { rows } from "./table.ts";
import { text } from "./value.ts";

/** What `build` made, for people: each line ends with what `deploy --image` takes. */
export const buildResults: Record<string, Show> = {
  build: (data, paint, say) =>
    rows(data["images"]).flatMap((image) => [
      `${paint("green", "✓")} ${text(image["service"])}  ${text(image["tag"])}  ${text(image["platform"])}  ${image["skipped"] ? say("unchanged, and ") : ""}${text(image["reference"]).startsWith("sha256:") ? say("on this machine") : say("in the registry")}`,
      `  ${text(image["service"])}=${text(image["reference"])}`,
    ]),
};
