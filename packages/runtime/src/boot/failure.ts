/** Why the boot ends here: printed without a stack, with the next act. Everything else is a defect of ours. */
export class BootError extends Error {
  readonly hint: string | undefined;
  /** 2: configuration or environment, nothing was touched; 1: a step failed. */
  readonly exitCode: 1 | 2;

  constructor(message: string, { hint, exitCode = 1 }: { hint?: string; exitCode?: 1 | 2 } = {}) {
    super(message);
    this.name = "BootError";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** Something that is not as it must be, found before anything is touched: all are named at once. */
export interface Problem {
  message: string;
  hint: string;
}
