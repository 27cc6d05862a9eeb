/** A program and its arguments; programs of `node_modules/.bin` are found by name. */
export type Argv = string[];

/** What a variable must be, in the words of `env.require` in aplomo.yml. */
export interface Variable {
  secret?: boolean;
  min_length?: number;
  max_length?: number;
  pattern?: string;
  one_of?: string[];
  equals?: string;
  list?: "csv" | "json";
  each?: "url" | "port" | "number" | "host";
  type?: "url" | "port" | "number" | "boolean";
}

/** `aplomo.boot.json`, checked. Times in milliseconds. */
export interface BootSettings {
  env: { require: Record<string, Variable>; forbid: string[] };
  /** Files and folders that must exist, relative to the working directory. */
  files: string[];
  database: {
    /** The variable that holds its URL. */
    url: string;
    /** How long to wait for it. */
    wait: number;
    /** Variables with the URLs of other servers to wait for. */
    also: string[];
  };
  migrate?: {
    run: Argv;
    time_limit: number;
    /** How long to wait while another replica migrates. */
    lock_wait: number;
    /** The variable with the URL of a direct connection, for the lock. */
    url: string;
  };
  derive: { name: string; run: Argv; time_limit: number }[];
  seed?: {
    run: Argv;
    time_limit: number;
    /** The table that must be empty. */
    empty?: string;
    /** The command may run at every start. */
    idempotent: boolean;
  };
  admin?: {
    run: Argv;
    time_limit: number;
    /** A query that finds an administrator; the command runs when it finds none. */
    find: string;
    /** The variable in which the command gets the password. */
    password: string;
  };
}
