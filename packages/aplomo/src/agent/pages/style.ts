/** One sheet for all pages: no colour is the only sign of anything, and each pair of colours has a contrast of 4.5 or more. */
export const style = `
:root{color-scheme:light dark;--back:#fff;--front:#1c2024;--quiet:#565d66;--line:#d5d9de;--card:#f5f6f8;--good:#12703c;--bad:#b3261e;--warn:#8a5300;--link:#0b57d0;--bar:#3b6fd4}
@media(prefers-color-scheme:dark){:root{--back:#14171a;--front:#e8eaed;--quiet:#a8b0ba;--line:#363c44;--card:#1d2126;--good:#6dd58c;--bad:#ff9d94;--warn:#f0b866;--link:#8ab4f8;--bar:#8ab4f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--front);font:16px/1.5 system-ui,sans-serif}
header,main,footer{max-width:76rem;margin:0 auto;padding:.75rem 1rem}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap;border-bottom:1px solid var(--line)}
header .name{font-weight:700;color:inherit;text-decoration:none}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:0;padding:0}
nav a[aria-current]{color:inherit;font-weight:600;text-decoration:none}
a{color:var(--link)}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(22rem,100%),1fr));gap:1rem;padding:0;list-style:none}
.card,.chart{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;min-width:0}
.card h2{margin:0 0 .25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .75rem;margin:.5rem 0}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.quiet{color:var(--quiet)}
.state{font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--quiet);padding-bottom:.25rem}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
pre{background:var(--card);border:1px solid var(--line);padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
ul.findings{padding-left:1.2rem}ul.findings li{margin:.4rem 0}
svg.line{width:100%;height:7rem;display:block}svg.line polyline{fill:none;stroke:var(--bar);stroke-width:1.5;vector-effect:non-scaling-stroke}
.calendar{display:grid;grid-template-columns:repeat(7,minmax(0,1fr));gap:.25rem;padding:0;list-style:none;max-width:40rem}
h3{font-size:1rem;margin:0 0 .5rem;overflow-wrap:anywhere}
.chart p{margin:.25rem 0 0}
.calendar li{border:1px solid var(--line);border-radius:.3rem;padding:.2rem .35rem;min-height:3.2rem;font-size:.8rem;overflow-wrap:anywhere}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}
button,.button{font:inherit;padding:.5rem 1rem;border:1px solid var(--link);border-radius:.4rem;background:var(--link);color:var(--back);text-decoration:none;cursor:pointer;display:inline-block}
.button.other{background:transparent;color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--back);padding:.5rem}
@media(max-width:40rem){th,td{padding-right:.5rem;font-size:.9rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}.calendar .words{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
@media(prefers-reduced-motion:no-preference){progress{transition:none}}
`.trim();
