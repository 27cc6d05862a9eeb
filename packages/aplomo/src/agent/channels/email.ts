import { reason } from "../../base/errors.ts";
import type { ChannelSettings } from "../../config/schema.ts";
import { textOf } from "../message.ts";
import { patience, type Channel } from "./channel.ts";

/** By SMTP. A password is only ever said to a server that has shown its certificate, unless it is on this machine. */
export function email({ server, from, to }: Extract<ChannelSettings, { kind: "email" }>): Channel {
  return {
    title: `email to ${to.join(", ")}`,
    async send(message) {
      const { createTransport } = await import("nodemailer");
      const url = new URL(server.reveal());
      const secure = url.protocol === "smtps:";
      const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
      const transport = createTransport({
        host: url.hostname,
        port: Number(url.port) || (secure ? 465 : 587),
        secure,
        requireTLS: !secure && user !== "" && !isHere(url.hostname),
        ...(user === "" ? {} : { auth: { user, pass } }),
        connectionTimeout: patience,
        greetingTimeout: patience,
        socketTimeout: patience,
      });
      try {
        // A line of its own for each of the two: mail programs show them as one conversation.
        const thread = message.incident === null ? {} : { references: `<${message.incident}.${message.app}@aplomo.invalid>` };
        await transport.sendMail({ from, to: [...to], subject: message.title, text: textOf(message), ...thread });
        return null;
      } catch (error) {
        return reason(error);
      } finally {
        transport.close();
      }
    },
  };
}

function isHere(host: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(host);
}
