/** What a file is by its first bytes. */
export type FileKind =
  /** To be decompressed first; then its content is looked at. */
  | { wrapped: "gzip" | "zstd" }
  /** pg_dump -Fc; -Ft is not taken. */
  | { format: "custom"; engine: "postgres" }
  | { format: "sqlite"; engine: "sqlite" }
  /** mongodump --archive. */
  | { format: "archive"; engine: "mongodb" }
  /** SQL; `engine` when its first lines say whose. */
  | { format: "plain"; engine: "postgres" | "mariadb" | null }
  | { format: "unknown" };

/** Bytes that are enough to tell. */
export const headBytes = 4_096;

/** Looks at the beginning of a file. A folder with a `toc.dat` is what pg_dump -Fd makes: that is for the caller to see. Pure. */
export function kindOf(head: Buffer): FileKind {
  if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) return { wrapped: "gzip" };
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return { wrapped: "zstd" };
  if (head.length >= 4 && head.readUInt32LE(0) === 0x8199e26d) return { format: "archive", engine: "mongodb" };
  const text = head.toString("latin1", 0, headBytes);
  if (text.startsWith("PGDMP")) return { format: "custom", engine: "postgres" };
  if (text.startsWith("SQLite format 3\0")) return { format: "sqlite", engine: "sqlite" };
  if (text.trim() === "" || text.includes("\0")) return { format: "unknown" };
  if (/^-- PostgreSQL database (?:cluster )?dump/m.test(text)) return { format: "plain", engine: "postgres" };
  if (/^-- (?:MariaDB|MySQL) dump /m.test(text) || /^\/\*!(?:\d{5}|999999)/m.test(text)) return { format: "plain", engine: "mariadb" };
  return { format: "plain", engine: null };
}
