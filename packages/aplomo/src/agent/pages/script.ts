/**
 * All the script there is: when something changed, the page is fetched again and what differs takes its place. Without it every page reads the same
 * and has to be loaded anew. What is open stays open, and the focus stays where it was.
 */
export const script = `
(() => {
  const note = document.getElementById("live");
  const path = document.body.dataset.app;
  let busy = false, again = false;
  async function renew() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
        const main = document.querySelector("main");
        if (fresh && fresh.innerHTML !== main.innerHTML) {
          const open = new Set([...main.querySelectorAll("details[open]")].map((one) => one.id));
          const focus = document.activeElement && document.activeElement.id;
          const before = main.dataset.state;
          main.replaceChildren(...fresh.childNodes);
          main.dataset.state = fresh.dataset.state;
          for (const one of main.querySelectorAll("details")) if (open.has(one.id)) one.open = true;
          if (focus) { const same = document.getElementById(focus); if (same) same.focus({ preventScroll: true }); }
          if (before !== main.dataset.state) note.textContent = main.dataset.state;
        }
      }
    } finally { busy = false; if (again) { again = false; setTimeout(renew, 1000); } }
  }
  if (document.querySelector("form[method=post]")) return;
  const source = new EventSource("/events" + (path ? "?app=" + encodeURIComponent(path) : ""));
  source.addEventListener("changed", renew);
})();
`.trim();
