import { lastLines } from "../../host/run.ts";
import { StoreError, type Problem } from "../contract.ts";
import { status } from "./wire.ts";

/** What the server answered instead of doing it. */
export class StatusError extends StoreError {
  readonly code: number;

  constructor(code: number, problem: Problem, failure: ConstructorParameters<typeof StoreError>[1]) {
    super(problem, failure);
    this.code = code;
  }
}

const words: Record<number, [Problem, string, string?]> = {
  [status.end]: ["missing", "there is no more"],
  [status.missing]: ["missing", "there is no such file"],
  [status.denied]: ["refused", "permission denied", "Give the user there the right to write in the folder."],
  [status.unsupported]: ["refused", "the server does not know how"],
};

export function statusFailure(code: number, said: string, subject: string): StatusError {
  const [problem, meaning, hint] = words[code] ?? ["refused", "the server said no"];
  const cause = said && said !== "Failure" ? said : meaning;
  return new StatusError(code, problem, { operation: "use", subject, cause, ...(hint ? { hint } : {}) });
}

const reasons: [RegExp, Problem, string][] = [
  [/IDENTIFICATION HAS CHANGED/, "refused", "The server is not the one it was. Find out why before you remove its line from known_hosts."],
  [/Host key verification failed/, "refused", "Connect once by hand with ssh, as the user Aplomo runs as, and compare the key."],
  [/Permission denied \(/, "refused", "Give the user Aplomo runs as a key that the server accepts; no password is ever asked for."],
  [/subsystem request failed/i, "refused", "Turn SFTP on there: Subsystem sftp internal-sftp in sshd_config."],
  [/Bad configuration option|Can't open user config/, "refused", "Mend the ssh configuration."],
  [/Could not resolve hostname/, "unreachable", "Check the host's name."],
];

/** Why ssh ended, from what it said. */
export function sshFailure(code: number | null, said: string, title: string): StoreError {
  if (code === 127)
    return new StoreError("refused", {
      operation: "reach",
      subject: title,
      cause: "there is no ssh program",
      hint: "Install it: apt install openssh-client.",
    });
  const [, problem, hint] = reasons.find(([pattern]) => pattern.test(said)) ?? [undefined, "unreachable" as const, ""];
  const cause = said.trim() ? lastLines(said.trim(), 2) : "the connection ended";
  return new StoreError(problem, { operation: "reach", subject: title, cause, ...(hint ? { hint } : {}) });
}
