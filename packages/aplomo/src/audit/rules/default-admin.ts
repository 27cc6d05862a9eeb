import { isKnownSecret } from "../ask/secrets.ts";
import { search } from "../ask/code.ts";
import { isTest } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const defaultAdmin: Rule = {
  id: "default-admin",
  title: "the first administrator has a password everybody knows",
  area: "data",
  severity: "warning",
  why: "who reads the repository signs in as the administrator of every installation where nobody changed it; it is safe where somebody did, hence a warning",
  needs: ["code"],
  example: {
    "prisma/seed.js":
      "const password = process.env.ADMIN_PASSWORD« || 'admin123'¦»;\nawait prisma.user.upsert({ where: { email }, update: {}, create: { email, role: 'ADMIN', password: await hash(password, 12) } });\n",
  },
  check: (model) => {
    const seeds = model.code.filter(
      (code) => /(^|[/._-])(seed\w*|bootstrap|init|setup|create-?admin)([/._-]|$)/i.test(code.source.path) && !isTest(code.source.path),
    );
    const pattern =
      /\b(?:(?:hash|hashSync|hashPassword|generate_password_hash|make_password)\(\s*|(?:password|ADMIN_PASSWORD["']?\]?)\s*(?:\|\||\?\?|:|=|,)\s*(?:process\.env\.\w+\s*(?:\|\||\?\?)\s*)?)(["'])([^"'\s$]{3,40})\1/gi;
    return search(seeds, /admin/i, pattern).flatMap(({ code, match, place }): Found[] => {
      const value = match[2] ?? "";
      if (!isKnownSecret(value) && !/\d{3}|admin|pass/i.test(value)) return [];
      if (
        /^(string|password|text|required|varchar)$/i.test(value) ||
        /\bstring\b|z\.|label|placeholder|type:/.test(code.source.line(place.line)) ||
        !/admin/i.test(code.plain.slice(Math.max(0, match.index - 1_500), match.index + 1_500))
      )
        return [];
      return [
        {
          place,
          message: "a password is written here for the administrator that is created",
          hint: "take it from ADMIN_PASSWORD and refuse without it, or make a random one and print it once",
        },
      ];
    });
  },
};
