import { spoken } from "../voices.ts";

export const notExecutable = spoken({
  id: "not-executable",
  title: "the start script may not be executed",
  why: "It lost its execute bit, on a checkout on Windows or in a COPY, or it is a folder. The engine gives 126.",
  next: "`chmod +x` it and commit that (`git update-index --chmod=+x`), or COPY it with --chmod=0755.",
  patterns: [
    /exec:? "?([^":\s]+)"?:? .*permission denied/,
    /(?:^|sh: (?:line )?(?:\d+: )?)([\w./-]+): Permission denied$/,
    /exec ([^:\s]+): permission denied/,
  ],
  tell: ([, file]) => ({ message: `${file} is not executable` }),
});
