import type { Rule } from "../rule.ts";
import { cut } from "../voices.ts";

const absent =
  /executable file not found|(?:^|: )(?:curl|wget|nc|pg_isready|mysqladmin|redis-cli|node|python\d?|sh|bash)\b.*not found|no such file or directory/im;

export const healthcheckTool: Rule = {
  id: "healthcheck-tool",
  title: "the health check's own program is not in the image",
  why: "curl and wget are in few small images. The check fails for ever, the application is well, and whoever waits for healthy waits in vain.",
  next: "Ask with what the image has (`node -e`, `wget`), or install it in the image's last stage.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units
      .filter(({ health, healthOutput }) => health !== "healthy" && healthOutput !== null && absent.test(healthOutput))
      .map(({ name, healthOutput }) => ({
        subject: name,
        message: "its health check cannot even be run",
        evidence: [cut(healthOutput ?? "")],
      })),
};
