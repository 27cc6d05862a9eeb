/** A connection to a database that speaks just enough of its protocol to ask and to hold a lock, so that an image needs no client. */
export interface Session {
  /** Runs one statement and gives its rows as text, as the server writes them. Rejects with a DatabaseError, or when the connection ends. */
  query(sql: string): Promise<Row[]>;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends the connection, and with it every lock it holds. */
  close(): void;
}

export type Row = (string | null)[];

/** What the server answered instead of a result: `code` is an SQLSTATE (PostgreSQL) or an error number (MySQL). */
export class DatabaseError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "DatabaseError";
    this.code = code;
  }
}

/** Where a database is, read from its URL. */
export interface Address {
  host: string;
  port: number;
  /** A unix socket instead of host and port. */
  path?: string;
  user: string;
  password: string;
  database: string;
  /** `off`; `try`: when the server can; `must`; `verify`: and its certificate is checked. */
  tls: "off" | "try" | "must" | "verify";
}
