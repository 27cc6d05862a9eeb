/** Quiet on a screen, and on paper as well: no colour alone says anything, and no table loses its head. */
export const style = `
:root { color-scheme: light; --ink: #1d2430; --quiet: #5c6675; --line: #dde2e9; --good: #11703c; --bad: #b3261e; --open: #8a5a00; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: var(--ink); background: #fff; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; }
header { border-bottom: 3px solid var(--ink); padding-bottom: 1rem; }
header p { margin: 0; color: var(--quiet); letter-spacing: .04em; }
h1 { margin: .2rem 0 .6rem; font-size: 1.9rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
header strong { display: inline-block; padding: .15rem .8rem; border: 1.5px solid currentColor; border-radius: 99px; color: var(--open); }
header strong.deployed, header strong.rehearsed { color: var(--good); }
header strong.stuck { color: var(--bad); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: .8rem 1.5rem; margin: 1.3rem 0 0; }
dl div { min-width: 0; }
dt { color: var(--quiet); font-size: .85rem; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin: 0 0 1.4rem; font-size: .93rem; table-layout: fixed; }
caption { text-align: left; font-weight: 700; padding: .5rem 0 .3rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .6rem .38rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; border-top: 0; }
tr { break-inside: avoid; }
.checks td:first-child { width: 1.9rem; font-weight: 700; text-align: center; padding-left: .2rem; }
.checks th { width: 40%; font-weight: 600; }
.checks td:last-child { width: 4.8rem; color: var(--quiet); font-variant-numeric: tabular-nums; text-align: right; padding-right: 0; }
.done td:first-child { color: var(--good); }
.failed td:first-child, .failed th, .failed td:nth-child(3) { color: var(--bad); }
.undone td:first-child, .running td:first-child { color: var(--open); }
.unasked th, .unasked td, .unreached th, .unreached td { color: var(--quiet); font-weight: 400; }
.facts td:first-child { width: 12rem; color: var(--quiet); }
.steps td:first-child, .steps th:first-child { width: 5.5rem; font-variant-numeric: tabular-nums; }
.steps td:nth-child(3), .steps th:nth-child(3) { width: 8.5rem; }
.steps td:last-child, .steps th:last-child { width: 6rem; text-align: right; padding-right: 0; }
.failure { border: 1.5px solid var(--bad); border-radius: .5rem; padding: .2rem 1rem; margin-top: 1.6rem; break-inside: avoid; }
.failure h2 { margin-top: .8rem; color: var(--bad); }
pre { background: #f5f6f8; padding: .7rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
footer { display: flex; gap: 2rem; margin-top: 3rem; break-inside: avoid; }
footer p { flex: 1; border-top: 1px solid var(--ink); padding-top: .3rem; color: var(--quiet); }
@page { margin: 15mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; } h2, caption { break-after: avoid; } header strong, .done td, .failed td { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
