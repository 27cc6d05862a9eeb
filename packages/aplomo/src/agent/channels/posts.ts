import type { ChannelSettings } from "../../config/schema.ts";
import { cut, textOf, type Message } from "../message.ts";

/** What is posted where: services differ in nothing else. */
export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

type Posting = Exclude<ChannelSettings, { kind: "email" }>;

const json = { "content-type": "application/json" };
const tags = { problem: "rotating_light", over: "white_check_mark", news: "information_source", test: "wave" } as const;

/** Pure: the request that tells a message through one service. */
export function postOf(channel: Posting, message: Message): Post {
  const text = textOf(message);
  switch (channel.kind) {
    case "webhook":
      return { url: channel.url.reveal(), headers: json, body: JSON.stringify({ ...message, text }) };
    case "slack": {
      const said = `*${forSlack(message.title)}*\n${forSlack(text)}`;
      return { url: channel.url.reveal(), headers: json, body: JSON.stringify({ text: cut(said, 3_900) }) };
    }
    case "discord":
      // Nobody is called by name because a log line holds an @.
      return {
        url: channel.url.reveal(),
        headers: json,
        body: JSON.stringify({ content: cut(`**${message.title}**\n${text}`, 1_990), allowed_mentions: { parse: [] } }),
      };
    case "telegram":
      return {
        url: `${channel.api}/bot${channel.token.reveal()}/sendMessage`,
        headers: json,
        body: JSON.stringify({
          chat_id: channel.chat,
          text: cut(`${message.title}\n${text}`, 4_000),
          link_preview_options: { is_disabled: true },
        }),
      };
    case "ntfy":
      return {
        url: channel.url.reveal(),
        headers: {
          title: inHeader(message.title),
          tags: tags[message.kind],
          priority: message.kind === "problem" ? "high" : "default",
          ...(channel.token ? { authorization: `Bearer ${channel.token.reveal()}` } : {}),
        },
        body: cut(text, 4_000),
      };
  }
}

/** Slack's three letters that mean something; the rest is text. */
function forSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A header holds one line of Latin letters; others as mail writes them, which ntfy reads. */
function inHeader(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
  return /^[\x20-\x7e]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString("base64")}?=`;
}
