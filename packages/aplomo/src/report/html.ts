/** Text that is HTML already. Anything else is escaped where it is put in: names, logs and messages of others never are markup. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return { html: strings.map((text, index) => text + (index < values.length ? render(values[index]) : "")).join("") };
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "object" && "html" in value) return value.html;
  return typeof value === "object" ? value.map(render).join("") : escape(String(value));
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
