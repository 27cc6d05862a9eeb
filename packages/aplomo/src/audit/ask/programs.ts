import { packageScript } from "../model/words.ts";

/** Whether a command is the application itself: a server that stays. */
export function isLongRunning(words: readonly string[], raw: readonly string[]): boolean {
  const [program = "", second = ""] = words;
  const text = words.join(" ");
  if (/^"?\$[@*]"?$/.test(raw[0] ?? "")) return true;
  if (
    /^(gunicorn|uvicorn|hypercorn|daphne|waitress-serve|celery|nginx|caddy|php-fpm|puma|unicorn|java|dotnet|httpd|apache2-foreground|pm2-runtime|supervisord|next|nuxt|remix-serve|serve|http-server|streamlit|sidekiq)$/.test(
      program,
    )
  ) {
    return (
      !/\b(build|migrate|collectstatic|check|-t|-v|--version)\b/.test(text) && !(program === "next" && second !== "start" && second !== "")
    );
  }
  if (/^(node|bun|deno|tsx|ts-node|python[\d.]*|ruby|php|nodemon)$/.test(program))
    return (
      /(^|[\s/._-])(server|app|main|index|start|serve|run|www|web|worker|api|bot|dist|build)([\s/._-]|$)/.test(words.slice(1).join(" ")) &&
      !/migrat|seed|-e\b|-c\b|script|setup|init|create|generate|check|wait/.test(text)
    );
  const script = packageScript(words);
  return script !== undefined && /^(start|serve|prod|server|web|worker|dev)/.test(script);
}
