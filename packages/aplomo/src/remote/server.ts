/** What a server has, as it says itself when a connection is made. */
export interface Server {
  /** Aplomo's own folder there. */
  home: string;
  user: string;
  system: string;
  /** `x86_64`, `aarch64`. */
  machine: string;
  /** Of the Node on the path: `v22.13.0`. */
  node: string | undefined;
  /** Of Aplomo there; undefined before it was ever set up. */
  version: string | undefined;
  /** Programs and Nodes of ours, by name. */
  entries: string[];
}

export function parseServer(lines: readonly string[]): Server | undefined {
  const all = (name: string): string[] => lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  const one = (name: string): string => all(name)[0]?.trim() ?? "";
  if (one("home") === "") return undefined;
  return {
    home: one("home"),
    user: one("user"),
    system: one("system"),
    machine: one("machine"),
    node: one("node") || undefined,
    version: one("current") || undefined,
    entries: all("entry"),
  };
}
