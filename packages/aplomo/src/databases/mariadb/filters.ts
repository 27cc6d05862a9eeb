import { decoded, missingTable, oneDatabase, type LineFilter } from "../lines.ts";
import { parseIdentifier } from "./quote.ts";

const header =
  /^-- (Table structure for table|Dumping data for table|Sequence structure for|Temporary table structure for view|Temporary view structure for view|Final view structure for view|Dumping events for|Dumping routines for|Current Database)/;

/** One table of a dump: its definition, its rows, and the sequences it may draw from; its triggers are not among that. */
export function onlyTable(table: string): LineFilter {
  const known = new Set<string>();
  let keep = true;
  let found = false;
  return {
    line(text, emit) {
      const section = header.exec(text)?.[1];
      if (section !== undefined) {
        const name = parseIdentifier(decoded(text.slice(3 + section.length).trimStart()))?.name;
        if (section.startsWith("Table")) known.add(name ?? "");
        keep = section.startsWith("Sequence") || (section.endsWith(" for table") && name === table);
        found ||= keep && section.startsWith("Dumping data");
      }
      if (keep) emit(text);
      // Triggers follow the rows without a word.
      if (section === undefined && keep && text.startsWith("UNLOCK TABLES;")) keep = false;
    },
    end() {
      if (!found) throw missingTable(table, known);
    },
  };
}

/** A dump of whatever database, for the one it is loaded into. */
export function anyDatabase(): LineFilter {
  const wants = oneDatabase();
  let body = false;
  return {
    line(text, emit) {
      if (text.startsWith("DELIMITER ")) body = !/^DELIMITER ;\s*$/.test(text);
      if (body) return emit(text);
      const use = /^USE (`(?:[^`]|``)*`|\S+?);?\s*$/i.exec(text)?.[1];
      if (use !== undefined) return wants(decoded(use));
      if (/^(?:\/\*!\d+ )?(?:CREATE|DROP) DATABASE /i.test(text)) return;
      emit(text);
    },
    end() {},
  };
}
