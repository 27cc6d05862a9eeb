import { html, type Html } from "./html.ts";

export interface Page {
  title: string;
  /** The application it is about. */
  app?: string;
  /** Its place in the application's navigation. */
  place?: string;
  /** One line that is read out when it changes. */
  state: string;
  body: Html;
}

const places: [path: string, name: string][] = [
  ["", "Now"],
  ["/deployments", "Deployments"],
  ["/backups", "Backups"],
  ["/data", "Data"],
  ["/incidents", "Incidents"],
];

/** A whole document. Nothing in it is fetched from elsewhere, and nothing needs the script. */
export function document({ title, app, place, state, body }: Page): string {
  const items = app === undefined ? [] : places.map(([path, name]) => item(`/apps/${app}${path}`, name, path === place));
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>${title} · Aplomo</title>
      <link rel="stylesheet" href="/style.css" />
      <link rel="icon" href="data:," />
    </head>
    <body data-app="${app ?? ""}">
      <a class="skip" href="#main">To the content</a>
      <header>
        <a class="name" href="/">Aplomo</a>${
          app === undefined
            ? null
            : html`<nav aria-label="${app}">
                <ul>
                  ${items}
                </ul>
              </nav>`
        }
      </header>
      <main id="main" data-state="${state}">
        <h1>${title}</h1>
        ${body}
      </main>
      <footer class="quiet"><p id="live" role="status"></p></footer>
      <script src="/script.js" defer></script>
    </body>
  </html>`;
  return `<!doctype html>${page.html}`;
}

function item(href: string, name: string, current: boolean): Html {
  return current ? html`<li><a href="${href}" aria-current="page">${name}</a></li>` : html`<li><a href="${href}">${name}</a></li>`;
}
