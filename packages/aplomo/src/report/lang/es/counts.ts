import type { Catalogue } from "../say.ts";

/** What is counted: `1 fila`, `2 filas`. */
const nouns: readonly (readonly [english: readonly [string, string], spanish: readonly [string, string]])[] = [
  [
    ["link leads", "links lead"],
    ["enlace lleva", "enlaces llevan"],
  ],
  [
    ["application", "applications"],
    ["aplicación", "aplicaciones"],
  ],
  [
    ["byte", "bytes"],
    ["byte", "bytes"],
  ],
  [
    ["change", "changes"],
    ["cambio", "cambios"],
  ],
  [
    ["character", "characters"],
    ["carácter", "caracteres"],
  ],
  [
    ["commit", "commits"],
    ["commit", "commits"],
  ],
  [
    ["database", "databases"],
    ["base de datos", "bases de datos"],
  ],
  [
    ["day", "days"],
    ["día", "días"],
  ],
  [
    ["failed check", "failed checks"],
    ["comprobación fallida", "comprobaciones fallidas"],
  ],
  [
    ["file", "files"],
    ["archivo", "archivos"],
  ],
  [
    ["finding", "findings"],
    ["hallazgo", "hallazgos"],
  ],
  [
    ["health check", "health checks"],
    ["comprobación de salud", "comprobaciones de salud"],
  ],
  [
    ["layer", "layers"],
    ["capa", "capas"],
  ],
  [
    ["line", "lines"],
    ["línea", "líneas"],
  ],
  [
    ["look", "looks"],
    ["mirada", "miradas"],
  ],
  [
    ["month", "months"],
    ["mes", "meses"],
  ],
  [
    ["node", "nodes"],
    ["nodo", "nodos"],
  ],
  [
    ["other statement", "other statements"],
    ["sentencia más", "sentencias más"],
  ],
  [
    ["point", "points"],
    ["punto", "puntos"],
  ],
  [
    ["restart", "restarts"],
    ["reinicio", "reinicios"],
  ],
  [
    ["row", "rows"],
    ["fila", "filas"],
  ],
  [
    ["row is", "rows are"],
    ["fila", "filas"],
  ],
  [
    ["rule", "rules"],
    ["regla", "reglas"],
  ],
  [
    ["service", "services"],
    ["servicio", "servicios"],
  ],
  [
    ["stage", "stages"],
    ["etapa", "etapas"],
  ],
  [
    ["Sunday", "Sundays"],
    ["domingo", "domingos"],
  ],
  [
    ["table", "tables"],
    ["tabla", "tablas"],
  ],
  [
    ["task", "tasks"],
    ["tarea", "tareas"],
  ],
  [
    ["time", "times"],
    ["vez", "veces"],
  ],
  [
    ["unit", "units"],
    ["unidad", "unidades"],
  ],
  [
    ["variable", "variables"],
    ["variable", "variables"],
  ],
];

export const counts: Catalogue = Object.fromEntries(
  nouns.flatMap(([[one, many], [una, varias]]) => [
    [`1 ${one}`, `1 ${una}`],
    [`{n} ${many}`, `{} ${varias}`],
  ]),
);
