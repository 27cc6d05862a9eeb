import type { ChannelSettings } from "../../config/schema.ts";
import { post } from "../../host/post.ts";
import type { Message } from "../message.ts";
import { patience, type Channel } from "./channel.ts";
import { email } from "./email.ts";
import { postOf } from "./posts.ts";

export function openChannel(settings: ChannelSettings): Channel {
  if (settings.kind === "email") return email(settings);
  return {
    title: settings.kind === "telegram" ? `telegram ${settings.chat}` : settings.kind,
    async send(message) {
      const { url, headers, body } = postOf(settings, message);
      return (await post(url, { "user-agent": "aplomo", ...headers }, body, patience)).problem;
    },
  };
}

/** What became of a message at each place. */
export interface Told {
  channel: string;
  problem: string | null;
}

/** To all of them; one that is down keeps nothing from the others. */
export async function tellAll(channels: readonly ChannelSettings[], message: Message): Promise<Told[]> {
  return Promise.all(channels.map(openChannel).map(async (channel) => ({ channel: channel.title, problem: await channel.send(message) })));
}
