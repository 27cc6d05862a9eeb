/** What every command is given besides its own options. */
export interface GlobalOptions {
  config: string;
  json?: boolean;
}
