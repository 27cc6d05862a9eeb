import type { Rule } from "../rule.ts";

export const imageOld: Rule = {
  id: "image-old",
  title: "the old image still runs",
  why: "A new image was pulled or built under the same name, and the container only restarted: a restart keeps the image it was made from (I10).",
  next: "`aplomo deploy`: it makes the containers anew from the image meant, by its digest.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, data, state, image, differences }) => {
      if (data || state === "stopped") return [];
      const told = differences.filter((one) => /^image |^files? /.test(one));
      const moved = image && image.named !== null && image.named !== image.running;
      if (told.length === 0 && !moved) return [];
      const evidence = moved ? [`it runs ${short(image.running)}; ${image.reference} is ${short(image.named ?? "")} by now`] : told;
      return [{ subject: name, message: "it does not run what is meant", evidence }];
    }),
};

function short(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
