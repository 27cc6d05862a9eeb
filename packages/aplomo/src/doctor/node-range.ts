type Version = [number, number, number];

/** Whether a version is in an npm range; undefined where the range is none that is understood: nobody is accused on a guess. */
export function satisfies(version: string, range: string): boolean | undefined {
  const found = parse(version);
  if (!found) return undefined;
  const any = range.split("||").map((part) => all(found.version, part.trim()));
  return any.some((held) => held === true) ? true : any.some((held) => held === undefined) ? undefined : false;
}

function all(version: Version, part: string): boolean | undefined {
  const span = /^(\S+)\s+-\s+(\S+)$/.exec(part);
  const words = span ? [`>=${span[1]}`, `<=${span[2]}`] : part.replaceAll(/([<>=~^]+)\s+/g, "$1").split(/\s+/);
  const each = words.map((word) => one(version, word));
  return each.some((held) => held === false) ? false : each.some((held) => held === undefined) ? undefined : true;
}

function one(version: Version, word: string): boolean | undefined {
  if (word === "" || word === "*" || word === "x" || word === "latest" || word === "lts/*") return true;
  const [, sign = "", text = ""] = /^([<>=~^]*)v?(.+)$/.exec(word) ?? [];
  const bound = parse(text);
  if (!bound) return undefined;
  const order = compare(version, bound.version);
  const same = version.slice(0, bound.given).every((number, index) => number === bound.version[index]);
  switch (sign) {
    case ">=":
      return order >= 0;
    case ">":
      return order > 0 && !same;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0 || same;
    case "^":
      return order >= 0 && version[0] === bound.version[0];
    case "~":
      return order >= 0 && version[0] === bound.version[0] && (bound.given < 2 || version[1] === bound.version[1]);
    case "":
    case "=":
      return same;
    default:
      return undefined;
  }
}

/** `20`, `20.x`, `20.19.0`: the numbers, and how many of them were given. */
function parse(text: string): { version: Version; given: number } | undefined {
  const match = /^(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?(?:[-+].*)?$/.exec(text);
  if (!match) return undefined;
  const given = match.slice(1, 4).filter((part) => part !== undefined && /^\d+$/.test(part));
  const [major = 0, minor = 0, patch = 0] = given.map(Number);
  return { version: [major, minor, patch], given: given.length };
}

function compare(one: Version, other: Version): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
