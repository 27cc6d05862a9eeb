// Makes docs/deploy.svg, the README's picture, from a real run: the demo in a terminal, and of it the deploy that is refused.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "aplomo-picture-"));
const log = join(folder, "terminal");
const lineHeight = 19;
const charWidth = 8.1;
const colours = {
  1: "font-weight:bold",
  2: "opacity:0.65",
  31: "fill:#ff7b72",
  32: "fill:#7ee787",
  33: "fill:#e3b341",
  36: "fill:#79c0ff",
};

execFileSync("script", ["-qefc", "script/demo", log], {
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, TERM: "xterm-256color" },
});
const lines = readFileSync(log, "utf8")
  .split("\n")
  // A line that was rewritten shows what was written last.
  .map((line) => line.replace(/\r$/, "").split("\r\u001b[2K").at(-1));
const from = lines.findIndex((line) => line.includes("whose migration loses appointments"));
const start = lines.findIndex((line, index) => index > from && /: deploy r\d+, now/.test(line));
const end = lines.findIndex((line, index) => index > start && line.includes("refused: nothing was touched"));
if (from < 0 || start < 0 || end < 0) throw new Error("the demo's output has no refused deploy");
const shown = ["\u001b[1m$ aplomo deploy\u001b[0m", ...lines.slice(start, end + 1)];
writeFileSync("docs/deploy.svg", svg(shown));
rmSync(folder, { recursive: true });

function svg(rows) {
  const width = Math.ceil(Math.max(...rows.map((row) => plain(row).length)) * charWidth) + 40;
  const height = rows.length * lineHeight + 36;
  const text = rows.map((row, index) => `<text x="20" y="${30 + index * lineHeight}" xml:space="preserve">${spans(row)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal: aplomo deploy refuses a release whose migration loses rows">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13.5" fill="#e6edf3">
${text.join("\n")}
</g>
</svg>
`;
}

/** Each run of one colour is a span. */
function spans(row) {
  let style = "";
  return row
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code !== undefined) {
        style = colours[code] ?? "";
        return "";
      }
      const safe = part.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      return style && safe ? `<tspan style="${style}">${safe}</tspan>` : safe;
    })
    .join("");
}

function plain(row) {
  return row.replaceAll(/\u001b\[\d+m/g, "");
}
