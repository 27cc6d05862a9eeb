import type { Entry } from "../deploy/journal.ts";
import type { Watched } from "./checklist.ts";
import { htmlReport } from "./page.ts";
import { markdownReport } from "./markdown.ts";
import type { Show } from "./show.ts";
import { text } from "./value.ts";

/** What `report` found: made here from the journal, so that it speaks the language of whoever reads it, wherever the application runs. */
export const reportResult: Show = (data, _paint, say) => {
  const entries = data["entries"] as unknown as Entry[];
  const watched = data["watched"] as unknown as Watched | null;
  const page = text(data["format"]) === "html" ? htmlReport(entries, say, watched) : markdownReport(entries, say, watched);
  return [page.trimEnd()];
};
