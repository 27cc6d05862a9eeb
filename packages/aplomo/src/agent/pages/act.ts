import { earlierReleases, type Action } from "../actions.ts";
import type { AppView } from "../view.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";

/** Asks for a confirmation, and says what will happen. */
export function actPage({ registered: { app } }: AppView, action: Action, release: string | null): Page {
  const body = html`<p>${app}: this will happen.</p>
    <ul>
      ${action.will.map((line) => html`<li>${line}</li>`)}
    </ul>
    <p>It runs <code>aplomo ${action.argv.join(" ")}</code>.</p>
    <form method="post" action="/apps/${app}/act/${action.name}">
      ${release === null ? null : html`<input type="hidden" name="release" value="${release}" />`}
      <p class="actions"><button type="submit">${action.title}</button> <a class="button other" href="/apps/${app}">Leave it</a></p>
    </form>`;
  return { title: `${action.title}?`, app, state: action.title, body };
}

/** Which release to return to. */
export async function choosePage(app: AppView): Promise<Page> {
  const name = app.registered.app;
  const releases = await earlierReleases(app);
  const body =
    releases.length === 0
      ? html`<p class="quiet">There is no other release to return to.</p>`
      : html`<ul>
          ${releases.map((id) => html`<li><a href="/apps/${name}/act/rollback?release=${id}">${id}</a></li>`)}
        </ul>`;
  return { title: "Return to which release?", app: name, state: "choose a release", body };
}
