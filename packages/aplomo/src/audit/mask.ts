import { isSecretName } from "./ask/secrets.ts";

const hidden = "[secret]";

/** A line of a file as it may be shown: values of secrets, defaults of secrets and passwords in addresses are hidden. */
export function maskLine(line: string): string {
  return line
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)([^\s@"'$]+)(@)/gi, `$1${hidden}$3`)
    .replace(/(\$\{)([A-Za-z_]\w*)(:?[-=])([^}]*)(?=\}|$)/g, (whole, open: string, name: string, sign: string, value: string) =>
      isSecretName(name) && value !== "" ? `${open}${name}${sign}${hidden}` : whole,
    )
    .replace(
      /((?:["']?)([A-Za-z_]\w*)(?:["']?)\s*[:=]\s*)(?!\$\{)("[^"]*"|'[^']*'|[^\s"',}#]+)/g,
      (whole, head: string, name: string, value: string) =>
        isSecretName(name) && !/^["']?(\$|process\.|os\.|env\(|true|false|\[secret\])/.test(value) && !/^["']?["']?$/.test(value)
          ? `${head}${hidden}`
          : whole,
    )
    .replace(
      /(\b(?:password|passwd|hash\w*|secret)\b[^"'\n]{0,60}?(?:\|\||\?\?|=|:|,|\()\s*)(["'])(?!\[secret\])([^"']{3,})\2/gi,
      `$1$2${hidden}$2`,
    );
}
