import { spoken } from "../voices.ts";

export const commandMissing = spoken({
  id: "command-missing",
  title: "the command does not exist",
  why: "The image or the machine has no program of that name: it is spelt otherwise, was left out of the last stage of the image, or is not on the PATH. The engine gives 127.",
  next: "Correct `command` or `entrypoint`, or add the program to the image's last stage.",
  patterns: [
    /exec: "?([^":\s]+)"?: (?:executable file not found|no such file or directory|stat .*no such file)/,
    /(?:exec:? )?"?([^":\s]+)"?: executable file not found in \$PATH/,
    /exec ([^:\s]+): no such file or directory/,
    /(?:^|sh: (?:line )?(?:\d+: )?)([\w./-]+): (?:command )?not found$/,
    /env: [‘'"]?([\w./-]+)[’'"]?: No such file or directory/,
  ],
  tell: ([, program], { unit }) => ({
    message: `there is no ${program} where it runs`,
    ...(unit && unit.command.length > 0 ? { evidence: [`it was started as: ${unit.command.join(" ").slice(0, 200)}`] } : {}),
  }),
});
