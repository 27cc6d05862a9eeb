/** A row as the client gives it. */
export type Row = Record<string, unknown>;

/**
 * What seeding needs of a database client; each adapter makes one. There is no way to change or delete through it.
 * `Table` is what names a table to that client: a text, or Drizzle's table object.
 */
export interface Store<Table = string> {
  /** Runs the work in one transaction: everything or nothing, and a rejection undoes it. */
  transaction<T>(work: (tables: Tables<Table>) => Promise<T>): Promise<T>;
  /** What the table is called in the summary. */
  nameOf(table: Table): string;
}

/** Finding and creating, inside the transaction. */
export interface Tables<Table = string> {
  /** The first row in which every field of `where` has its value. */
  find(table: Table, where: Row): Promise<Row | undefined>;
  /** Creates the row and gives it as the database now has it. */
  create(table: Table, data: Row): Promise<Row>;
}
