import { spoken } from "../voices.ts";

export const imageMissing = spoken({
  id: "image-missing",
  title: "the image cannot be had where it is to run",
  why: "It was removed from its registry, the node was never logged in there, or cannot reach it: a swarm asks each node to fetch the image by itself, and gives the task up there.",
  next: "Push it again, or `aplomo rollback` to a release whose image is there; on the node named, `docker pull` says what is wrong. Aplomo hands on this machine's `docker login`.",
  patterns: [
    /No such image: (\S+)/i,
    /manifest for (\S+) not found/i,
    /pull access denied for ([^,\s]+)/i,
    /(?:failed to resolve reference|unable to find image) "?'?([^\s"']+)/i,
  ],
  tell: ([, image = "its image"]) => ({ message: `${image.replace(/[.,:]$/, "")} is not to be had` }),
});
