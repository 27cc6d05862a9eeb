import { programs, search } from "../ask/code.ts";
import { expand } from "../../config/interpolate.ts";
import type { Found, Rule } from "../rule.ts";

export const nodeEnvDefault: Rule = {
  id: "node-env-default",
  title: "the application runs in development mode unless somebody says otherwise",
  area: "environment",
  severity: "warning",
  why: "without NODE_ENV=production frameworks are slow and show errors to visitors; where the code checks its secrets only in production, that check is off, and then it is an error",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    environment:\n      NODE_ENV: ${NODE_ENV:-«development¦production»}\n",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      if (service.kind !== "app" || service.project.purpose === "development") return [];
      const setting = service.environment.get("NODE_ENV");
      if (!setting?.text || expand(setting.text, new Map()) !== "development") return [];
      const start = model.starts.find((one) => one.service === service);
      if (
        start?.development ||
        start?.commands.some(({ command }) => /\bdev\b|--watch|nodemon/.test(command.words.map((word) => word.value).join(" ")))
      )
        return [];
      const [guard] = search(
        programs(model),
        "NODE_ENV",
        /NODE_ENV\s*===?\s*["']production["'][^\n]{0,200}(SECRET|secret|KEY|PASSWORD)|NODE_ENV\s*===?\s*["']production["']\s*\)\s*\{\s*throw/,
      );
      return [
        {
          place: setting.place,
          severity: guard ? "error" : "warning",
          message: `${service.name} runs with NODE_ENV=development${setting.text.includes("$") ? " when the variable is not set" : ""}`,
          hint: "write NODE_ENV: production here, and development in an override file of developers",
          ...(guard ? { related: [{ place: guard.place, message: "this check is off then" }] } : {}),
        },
      ];
    }),
};
