import type { Command } from "../host/run.ts";
import type { Address } from "./address.ts";

/**
 * Command lines for the system's own ssh, as data: nothing here runs. The user's configuration, agent, jump hosts and known_hosts count;
 * what is set here is only what may not be otherwise: nothing is asked behind our back, and no unknown key is taken.
 */
type Ssh = Command & { argv: readonly [string, ...string[]] };

const options = [
  // The program has no terminal of its own to ask on.
  "BatchMode=yes",
  "StrictHostKeyChecking=yes",
  "ConnectTimeout=20",
  // A cable that was pulled says nothing: it is noticed after a quarter of a minute.
  "ServerAliveInterval=5",
  "ServerAliveCountMax=3",
  "ClearAllForwardings=yes",
  "ForwardAgent=no",
  "Compression=yes",
  // A user's configuration may have its own for people.
  "RemoteCommand=none",
  "LogLevel=INFO",
];

/** The connection that the others share. It lasts as long as its first program, and the socket is for this user alone. */
export function openMaster(address: Address, socket: string, script: string): Ssh {
  const shared = ["ControlMaster=yes", "ControlPersist=no", `ControlPath=${socket}`];
  return ssh(address, [...options, ...shared], remoteText(script));
}

/** A program over the connection that is open; never over another one. */
export function overMaster(address: Address, socket: string, script: string, words: readonly string[] = []): Ssh {
  const shared = ["ControlMaster=no", `ControlPath=${socket}`, "ProxyCommand=false"];
  return ssh(address, [...options, ...shared], remoteText(script, words));
}

/** Has the connection that is open lead a socket here to one over there. Nothing of a configuration is read: it may ask for forwardings of its own. */
export function forwardOverMaster({ destination }: Address, socket: string, here: string, there: string): Ssh {
  const unfit = [here, there].find((path) => !path.startsWith("/") || path.includes(":"));
  if (unfit !== undefined) throw new Error(`not fit for a forwarding: ${unfit}`);
  return { argv: ["ssh", "-F", "none", "-S", socket, "-O", "forward", "-L", `${here}:${there}`, "--", destination], timeout: 20_000 };
}

/** Writes the server's host key to a file and goes away before anybody logs in. */
export function fetchHostKey(address: Address, file: string): Ssh {
  const learning = ["StrictHostKeyChecking=accept-new", `UserKnownHostsFile=${file}`, "GlobalKnownHostsFile=none", "HashKnownHosts=no"];
  const only = ["BatchMode=yes", "ConnectTimeout=20", "PreferredAuthentications=none", "ControlPath=none"];
  return ssh(address, [...learning, ...only], "true");
}

/** What ssh makes of its configuration for this server. */
export function effectiveSettings(address: Address): Ssh {
  const { argv } = ssh(address, [], undefined);
  return { argv: [argv[0], "-G", ...argv.slice(1)], timeout: 20_000 };
}

export function fingerprintOf(file: string): Command {
  return { argv: ["ssh-keygen", "-l", "-f", file], timeout: 20_000 };
}

function ssh({ destination, port, config }: Address, settings: readonly string[], text: string | undefined): Ssh {
  return {
    argv: [
      "ssh",
      "-T",
      ...(config === undefined ? [] : ["-F", config]),
      ...(port === undefined ? [] : ["-p", String(port)]),
      ...settings.flatMap((option) => ["-o", option]),
      // A host that begins with a hyphen would be an option.
      "--",
      destination,
      ...(text === undefined ? [] : [text]),
    ],
  };
}

/**
 * What the user's shell over there is given to read: one of our own scripts, and words that no shell sees anything in. Values
 * are never among them: they travel on standard input.
 */
export function remoteText(script: string, words: readonly string[] = []): string {
  const unfit = script.includes("'") ? script : words.find((word) => !/^[\w.+-]+$/.test(word));
  if (unfit !== undefined) throw new Error(`not fit for a remote shell: ${unfit}`);
  return ["sh", "-c", `'${script}'`, "aplomo", ...words].join(" ");
}
