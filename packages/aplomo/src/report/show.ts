import type { Paint } from "./colours.ts";
import type { Say } from "./lang/say.ts";
import type { Row } from "./table.ts";

/** Data as lines for people, in their language. */
export type Show = (data: Row, paint: Paint, say: Say) => string[];
