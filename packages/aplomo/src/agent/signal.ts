/** Something that is wrong at one look. The same trouble has the same key at the next. */
export interface Signal {
  key: string;
  level: "error" | "warning";
  /** A unit, database, address or folder, as its owner calls it. */
  subject: string;
  message: string;
  /** The next act. */
  next: string | null;
  evidence: string[];
}
