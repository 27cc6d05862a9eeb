import { html, type Html } from "../../report/html.ts";

export interface Page {
  title: string;
  /** The application it is about. */
  app?: string;
  /** Its place in the application's navigation. */
  place?: string;
  /** One line that is read out when it changes. */
  state: string;
  /** Beside the title: how it is, in a word. */
  lead?: Html;
  /** Buttons of the page as a whole. */
  acts?: Html | null;
  body: Html;
}

const places: [path: string, name: string][] = [
  ["", "Now"],
  ["/deployments", "Deployments"],
  ["/backups", "Backups"],
  ["/data", "Data"],
  ["/trends", "Trends"],
  ["/doctor", "Doctor"],
  ["/incidents", "Incidents"],
];

/** A plumb line, which is what aplomo means. */
const mark = html`<svg class="mark" viewBox="0 0 16 20" aria-hidden="true"><path d="M8,0V9M8,9L12,12L8,20L4,12Z" /></svg>`;

/** A whole document. Nothing in it is fetched from elsewhere, and nothing needs the script. */
export function document({ title, app, place, state, lead, acts, body }: Page, now = new Date()): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title} · Aplomo</title>
      <link rel="stylesheet" href="/style.css" />
      <link rel="icon" href="data:," />
    </head>
    <body data-app="${app ?? ""}">
      <a class="skip" href="#main">To the content</a>
      <header>
        <div class="wide">
          <p class="name">
            <a href="/">${mark}Aplomo</a
            >${app === undefined ? null : html`<span aria-hidden="true">/</span><a href="/apps/${app}">${app}</a>`}
          </p>
          ${
            app === undefined
              ? null
              : html`<nav aria-label="${app}">
                  <ul>
                    ${places.map(([path, name]) => item(`/apps/${app}${path}`, name, path === place))}
                  </ul>
                </nav>`
          }
        </div>
      </header>
      <main id="main" class="wide" tabindex="-1" data-state="${state}">
        <div class="title">
          <h1>${title}</h1>
          ${lead ?? null} ${acts ? html`<p class="actions">${acts}</p>` : null}
        </div>
        ${body}
      </main>
      <footer class="wide quiet">
        <p>Times are UTC. Made at <span id="made">${now.toISOString().slice(11, 19)}</span>.</p>
        <p id="live" role="status"></p>
      </footer>
      <script src="/script.js" defer></script>
    </body>
  </html>`;
  return `<!doctype html>${page.html}`;
}

function item(href: string, name: string, current: boolean): Html {
  return current ? html`<li><a href="${href}" aria-current="page">${name}</a></li>` : html`<li><a href="${href}">${name}</a></li>`;
}
