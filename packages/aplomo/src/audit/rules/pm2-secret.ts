import { isReference, isSecretName, passwordOf } from "../ask/secrets.ts";
import type { Found, Rule } from "../rule.ts";

export const pm2Secret: Rule = {
  id: "pm2-secret",
  title: "a secret stands in the PM2 file",
  area: "process manager",
  severity: "warning",
  why: "everybody with the code has it, and `pm2 save` writes it into a file in the home folder once more; it needs access to either, hence a warning",
  needs: ["pm2"],
  example: {
    "ecosystem.config.js":
      "module.exports = { apps: [{ name: 'web', script: 'server.js', max_memory_restart: '300M', env: { SESSION_SECRET: «'h7Kp2xQ9vLw4nZ8r'¦process.env.SESSION_SECRET» } }] };\n",
    "server.js": "process.on('SIGTERM', stop);\n",
  },
  check: (model) =>
    model.pm2.flatMap((app) =>
      [...app.env].flatMap(([name, { text, place }]): Found[] => {
        if (text === undefined) return [];
        const inUrl = passwordOf(text);
        if (inUrl === undefined && (!isSecretName(name) || isReference(text))) return [];
        return [
          {
            place,
            message: inUrl === undefined ? `${name} has its value written here` : `${name} has a password written in the address`,
            hint: "take it out: the application reads it from an env file of the server (env_file, or dotenv)",
          },
        ];
      }),
    ),
};
