import type { Counts, Schema } from "../contract.ts";
import { countParts } from "../schema.ts";
import { canonicalExpression } from "./canonical.ts";
import type { Session } from "../session.ts";
import { ofExtension, systemSchemas } from "./tables.ts";

interface Part {
  kind: string;
  name: string;
  text: string;
}

const user = (catalogue: string, oid: string): string => `${systemSchemas} AND NOT ${ofExtension(catalogue, oid)}`;
/** `schema.name`, each quoted where needed. */
const named = (name: string): string => `pg_catalog.format('%I.%I', n.nspname, ${name})`;

/** A column as it is declared. */
const column = `pg_catalog.concat_ws(' ', pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
  CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || (SELECT pg_catalog.quote_ident(l.collname) FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation) END,
  CASE WHEN a.attnotnull THEN 'NOT NULL' END, nullif('identity ' || a.attidentity::text, 'identity '),
  CASE WHEN a.attgenerated <> '' THEN 'generated' WHEN d.oid IS NOT NULL THEN 'default' END, pg_catalog.pg_get_expr(d.adbin, d.adrelid))`;

/**
 * A schema's parts from the catalogues. Left out is what a dump does not keep
 * as it is: object ids, the place of dropped columns, versions of extensions, indexes that are not valid.
 */
const queries: string[] = [
  `SELECT 'schema' AS kind, pg_catalog.quote_ident(n.nspname) AS name, '' AS text FROM pg_catalog.pg_namespace n
     WHERE n.nspname <> 'public' AND ${user("pg_namespace", "n.oid")}`,
  `SELECT 'extension', pg_catalog.quote_ident(x.extname), '' FROM pg_catalog.pg_extension x`,
  // The columns of a table that inherits (no partition) may come back in another order: sorted by name there.
  `SELECT CASE c.relkind WHEN 'c' THEN 'type' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view columns' WHEN 'm' THEN 'materialized view columns' ELSE 'table' END,
     ${named("c.relname")}, pg_catalog.concat_ws(E'\\n', (SELECT pg_catalog.string_agg(${column}, E'\\n' ORDER BY
         CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) THEN a.attname::text END COLLATE "C", a.attnum)
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
     CASE WHEN c.relkind = 'p' THEN 'PARTITION BY ' || pg_catalog.pg_get_partkeydef(c.oid) END,
     CASE WHEN c.relispartition THEN 'PARTITION ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
     (SELECT 'OF ' || pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
     CASE WHEN c.relpersistence = 'u' THEN 'UNLOGGED' END, CASE WHEN c.relrowsecurity THEN 'ROW SECURITY' END,
     CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW SECURITY' END, pg_catalog.array_to_string(c.reloptions, ', '))
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relpersistence <> 't' AND ${user("pg_class", "c.oid")}`,
  `SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, ${named("c.relname")}, pg_catalog.pg_get_viewdef(c.oid)
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('v', 'm') AND ${user("pg_class", "c.oid")}`,
  `SELECT 'sequence', ${named("c.relname")}, pg_catalog.concat_ws(' ', s.seqtypid::pg_catalog.regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
   WHERE c.relpersistence <> 't' AND ${user("pg_class", "c.oid")}`,
  `SELECT 'index', ${named("c.relname")}, pg_catalog.pg_get_indexdef(i.indexrelid)
   FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE i.indisready AND (i.indisvalid OR c.relkind = 'I') AND ${user("pg_class", "i.indrelid")}`,
  `SELECT 'constraint', CASE WHEN k.conrelid <> 0 THEN ${named("c.relname")} ELSE ${named("y.typname")} END || ' ' || pg_catalog.quote_ident(k.conname),
     pg_catalog.pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
   FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
     LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid LEFT JOIN pg_catalog.pg_type y ON y.oid = k.contypid
   WHERE k.contype NOT IN ('t', 'n') AND ${user("pg_constraint", "k.oid")} AND NOT ${ofExtension("pg_class", "k.conrelid")}`,
  `SELECT 'trigger', ${named("c.relname")} || ' ' || pg_catalog.quote_ident(g.tgname), pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(g.oid), g.tgenabled::text)
   FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT g.tgisinternal AND ${user("pg_class", "c.oid")}`,
  `SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
     ${named("p.proname")} || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
     CASE p.prokind WHEN 'a' THEN (SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_function_result(p.oid), g.aggtransfn, g.aggfinalfn, g.agginitval)
       FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE pg_catalog.pg_get_functiondef(p.oid) END
   FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${user("pg_proc", "p.oid")}`,
  `SELECT 'type', ${named("y.typname")}, CASE y.typtype
     WHEN 'e' THEN 'enum ' || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l WHERE l.enumtypid = y.oid)
     WHEN 'd' THEN pg_catalog.concat_ws(' ', 'domain', pg_catalog.format_type(y.typbasetype, y.typtypmod), CASE WHEN y.typnotnull THEN 'NOT NULL' END, y.typdefault)
     WHEN 'r' THEN 'range ' || (SELECT g.rngsubtype::pg_catalog.regtype::text FROM pg_catalog.pg_range g WHERE g.rngtypid = y.oid) ELSE 'base' END
   FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace
   WHERE (y.typtype IN ('e', 'd', 'r') OR y.typtype = 'b' AND y.typcategory <> 'A') AND ${user("pg_type", "y.oid")}`,
  `SELECT 'policy', ${named("c.relname")} || ' ' || pg_catalog.quote_ident(p.polname), pg_catalog.concat_ws(' ', p.polcmd::text, p.polpermissive::text,
     (SELECT pg_catalog.string_agg(coalesce(r.rolname, 'public'), ',' ORDER BY r.rolname) FROM pg_catalog.unnest(p.polroles) o LEFT JOIN pg_catalog.pg_roles r ON r.oid = o),
     'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
   FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${user("pg_class", "c.oid")}`,
  `SELECT 'rule', ${named("c.relname")} || ' ' || pg_catalog.quote_ident(r.rulename), pg_catalog.pg_get_ruledef(r.oid)
   FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE r.rulename <> '_RETURN' AND ${user("pg_class", "c.oid")}`,
  `SELECT 'event trigger', pg_catalog.quote_ident(g.evtname), pg_catalog.concat_ws(' ', g.evtevent, g.evtfoid::pg_catalog.regproc, g.evtenabled::text, pg_catalog.array_to_string(g.evttags, ','))
   FROM pg_catalog.pg_event_trigger g WHERE NOT ${ofExtension("pg_event_trigger", "g.oid")}`,
];

/** Reads the schema in the session's present snapshot; the session's search_path is empty, so every name is written in full. */
export async function readSchema(session: Session): Promise<Schema> {
  const parts = await session.rows<Part>(queries.join("\nUNION ALL\n"));
  return Object.fromEntries(parts.map((part) => [`${part.kind}: ${part.name}`, canonicalExpression(part.text)]));
}

/** Numbers of parts by kind, and of what is no part of the schema but must come back all the same. */
export async function countObjects(session: Session, schema: Schema): Promise<Counts> {
  const { blobs } = await session.row<{ blobs: number }>("SELECT count(*) AS blobs FROM pg_catalog.pg_largeobject_metadata");
  return blobs === 0 ? countParts(schema) : { ...countParts(schema), "large object": blobs };
}
