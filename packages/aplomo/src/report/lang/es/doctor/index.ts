import type { Catalogue } from "../../say.ts";
import { database } from "./database.ts";
import { environment } from "./environment.ts";
import { evidence } from "./evidence.ts";
import { front } from "./front.ts";
import { machine } from "./machine.ts";
import { own } from "./own.ts";
import { units } from "./units.ts";

export const doctor: Catalogue = { ...database, ...environment, ...evidence, ...front, ...machine, ...own, ...units };
