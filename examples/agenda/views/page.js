// What every page has around it. `markup` escapes whatever is put into it, so that a patient's name can never be HTML.

/** Text that is HTML already. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const ESCAPES = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" });

/** @param {unknown} value */
function shown(value) {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(shown).join("");
  return `${/** @type {string | number} */ (value)}`.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

/**
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export function markup(strings, ...values) {
  return new Markup(strings.reduce((text, part, index) => text + shown(values[index - 1]) + part));
}

/**
 * @param {import("../settings.js").Settings} settings
 * @param {string} title
 * @param {unknown} content
 */
export function page(settings, title, content) {
  return markup`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · ${settings.clinic}</title>
  <link rel="stylesheet" href="/style.css?v=${settings.version}">
  <link rel="icon" href="data:,">
</head>
<body>
  <a class="skip" href="#main">Skip to the agenda</a>
  <header class="top">
    <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>${settings.clinic}</a>
  </header>
  <main id="main">${content}</main>
  <footer>Agenda ${settings.version} <span aria-hidden="true">·</span> release ${settings.release}</footer>
</body>
</html>
`.text;
}

/**
 * @param {import("../settings.js").Settings} settings
 * @param {string} title
 * @param {string} message
 */
export function messagePage(settings, title, message) {
  return page(
    settings,
    title,
    markup`<section class="message"><h1>${title}</h1><p>${message}</p><p><a class="button" href="/">Back to the agenda</a></p></section>`,
  );
}
