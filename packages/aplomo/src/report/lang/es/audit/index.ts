import type { Catalogue } from "../../say.ts";
import { compare } from "./compare.ts";
import { compose } from "./compose.ts";
import { data } from "./data.ts";
import { environment } from "./environment.ts";
import { health } from "./health.ts";
import { image } from "./image.ts";
import { shutdown } from "./shutdown.ts";
import { start } from "./start.ts";

export const audit: Catalogue = { ...compare, ...compose, ...data, ...environment, ...health, ...image, ...shutdown, ...start };
