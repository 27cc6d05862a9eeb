import type { Action } from "../actions.ts";
import { earlierReleases } from "../actions.ts";
import type { AppView } from "../view.ts";
import { html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { table, time } from "./parts.ts";

/** Asks for a confirmation, and says what will happen. */
export function actPage({ registered: { app } }: AppView, action: Action, release: string | null): Page {
  const body = html`<div class="card confirm">
    <p>This will happen to <strong>${app}</strong>:</p>
    <ul>
      ${action.will.map((line) => html`<li>${line}</li>`)}
    </ul>
    <p class="quiet">It runs <code>aplomo ${action.argv.join(" ")}</code>, and is noted in the audit log in your name.</p>
    <form method="post" action="/apps/${app}/act/${action.name}">
      ${release === null ? null : html`<input type="hidden" name="release" value="${release}" />`}
      <p class="actions"><button type="submit">${action.title}</button> <a class="button other" href="/apps/${app}">Leave it</a></p>
    </form>
  </div>`;
  return { title: `${action.title}?`, app, state: action.title, body };
}

/** Which release to deploy of those there are. */
export async function choosePage(app: AppView): Promise<Page> {
  const name = app.registered.app;
  const current = app.look?.sample.release;
  const body = table(
    `Releases of ${name} that can take the place of ${current ?? "the one in front"}`,
    ["Release", "Made", "By", "Commit", "Differs"],
    (await earlierReleases(app)).map(({ id, createdAt, author, commit }) => [
      html`<a class="strong" href="/apps/${name}/act/rollback?release=${id}">${id}</a>`,
      time(createdAt),
      author,
      commit ? html`<code>${commit.slice(0, 12)}</code>` : null,
      current ? html`<a href="/apps/${name}/compare?from=${current}&to=${id}">from ${current}</a>` : null,
    ]),
    "There is no other release.",
  );
  return { title: "Deploy which release?", app: name, state: "choose a release", body };
}
