/**
 * Pure: the statements of a SQL text, without the semicolons between them. `standard`: PostgreSQL and SQLite, with dollar quotes; `mysql`:
 * backslashes escape, `#` begins a comment, and lines with DELIMITER say what ends a statement.
 */
export function splitStatements(text: string, dialect: "standard" | "mysql"): string[] {
  const mysql = dialect === "mysql";
  const statements: string[] = [];
  let delimiter = ";";
  let from = 0;
  let at = 0;
  const end = (): void => {
    const statement = text.slice(from, at).trim();
    if (hasCode(statement, mysql)) statements.push(statement);
  };
  while (at < text.length) {
    if (mysql && (at === 0 || text[at - 1] === "\n")) {
      const change = /^[ \t]*delimiter[ \t]+(\S+)[^\n]*/i.exec(text.slice(at, at + 200));
      if (change) {
        end();
        delimiter = change[1] ?? ";";
        at += change[0].length;
        from = at;
        continue;
      }
    }
    if (text.startsWith(delimiter, at)) {
      end();
      at += delimiter.length;
      from = at;
      continue;
    }
    at = skip(text, at, mysql);
  }
  end();
  return statements;
}

/** The place behind the quoted text, the comment or the character that begins here. */
function skip(text: string, at: number, mysql: boolean): number {
  const char = text[at];
  if (char === "'" || char === '"' || (mysql && char === "`")) {
    // In PostgreSQL a backslash escapes in E'...' alone.
    const escapes = mysql ? char !== "`" : char === "'" && /\bE$/i.test(text.slice(Math.max(0, at - 2), at));
    return behindQuote(text, at, char, escapes);
  }
  if (isLineComment(text, at, mysql)) return behind(text, "\n", at);
  if (text.startsWith("/*", at)) return behindComment(text, at, !mysql);
  if (!mysql && char === "$") {
    const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 70))?.[0];
    if (tag !== undefined && !/[\w$]/.test(text[at - 1] ?? "")) return behind(text, tag, at + tag.length);
  }
  return at + 1;
}

/** To MySQL two hyphens are one only with a blank behind them. */
function isLineComment(text: string, at: number, mysql: boolean): boolean {
  if (!text.startsWith("--", at)) return mysql && text[at] === "#";
  return !mysql || /^\s?$/.test(text.slice(at + 2, at + 3));
}

function behind(text: string, mark: string, at: number): number {
  const found = text.indexOf(mark, at);
  return found === -1 ? text.length : found + mark.length;
}

function behindQuote(text: string, start: number, quote: string, escapes: boolean): number {
  let at = start + 1;
  while (at < text.length) {
    if (escapes && text[at] === "\\") at += 2;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 2;
    } else at += 1;
  }
  return text.length;
}

function behindComment(text: string, start: number, nests: boolean): number {
  let depth = 1;
  let at = start + 2;
  while (at < text.length && depth > 0) {
    if (text.startsWith("*/", at)) [depth, at] = [depth - 1, at + 2];
    else if (nests && text.startsWith("/*", at)) [depth, at] = [depth + 1, at + 2];
    else at += 1;
  }
  return at;
}

/** More than comments; what MySQL reads in them (`/*!`) counts. */
function hasCode(statement: string, mysql: boolean): boolean {
  let at = 0;
  while (at < statement.length) {
    const comment = isLineComment(statement, at, mysql) || /^\/\*(?!!)/.test(statement.slice(at, at + 3));
    if (!comment && /\S/.test(statement[at] ?? "")) return true;
    at = skip(statement, at, mysql);
  }
  return false;
}
