import { request } from "node:http";

export interface Said {
  status: number;
  body: string;
}

/** One request over a Unix socket, on a connection of its own. Rejects when there is no answer in time. */
export function askSocket(
  socketPath: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; timeout: number },
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, body, timeout } = options;
    const asked = request(
      { socketPath, path, method, headers: { host: "localhost", ...headers }, agent: false, signal: AbortSignal.timeout(timeout) },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
        answer.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}
