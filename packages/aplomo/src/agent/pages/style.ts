/** One sheet for all pages: no colour is the only sign of anything, and each pair of colours has a contrast of 4.5 or more. */
export const style = `
:root{color-scheme:light dark;--back:#f5f6f8;--card:#fff;--front:#171b21;--quiet:#57606b;--line:#dde1e7;--soft:#eceff3;--good:#0d6a39;--good-back:#e3f4ea;--bad:#ad2118;--bad-back:#fdecea;--warn:#7a4a00;--warn-back:#fdf1dc;--link:#1d56b8;--on-link:#fff;--bar:#2f6bd0;--area:#2f6bd01f;--shadow:0 1px 2px #171b2114}
@media(prefers-color-scheme:dark){:root{--back:#0f1216;--card:#181c22;--front:#e8ebef;--quiet:#a5aeb9;--line:#2c333c;--soft:#222830;--good:#7fdba2;--good-back:#12291b;--bad:#ffaaa2;--bad-back:#351815;--warn:#f3c47f;--warn-back:#2f2411;--link:#93bbff;--on-link:#0f1216;--bar:#7eadff;--area:#7eadff26;--shadow:none}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--front);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;min-height:100vh;display:flex;flex-direction:column}
.wide{width:100%;max-width:74rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
code,.id{overflow-wrap:anywhere}
header{background:var(--card);border-bottom:1px solid var(--line)}
header .name{display:flex;align-items:center;gap:.6rem;margin:0;padding:.8rem 0 .7rem;font-weight:600;min-width:0}
header .name a{color:inherit;text-decoration:none;display:inline-flex;align-items:center;gap:.5rem;overflow-wrap:anywhere;min-width:0}
header .name a:hover{text-decoration:underline}
header .name span{color:var(--quiet)}
.mark{width:1rem;height:1.25rem;flex:none;fill:var(--bar);stroke:var(--bar);stroke-width:1.5;stroke-linejoin:round}
nav ul{display:flex;gap:.25rem 1.5rem;list-style:none;margin:0;padding:0;flex-wrap:wrap}
nav a{display:block;padding:.35rem 0 .55rem;color:var(--quiet);text-decoration:none;border-bottom:3px solid transparent}
nav a:hover{color:var(--front);border-color:var(--line)}
nav a[aria-current]{color:var(--front);font-weight:600;border-color:var(--bar)}
main{flex:1;padding-bottom:2rem!important}
main:focus{outline:none}
.title{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .9rem;margin:1.6rem 0 1rem}
.title .actions{margin:0 0 0 auto}
h1{font-size:1.65rem;line-height:1.2;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.15rem;line-height:1.3;margin:2.25rem 0 .75rem}
h3{font-size:1rem;margin:0 0 .5rem;overflow-wrap:anywhere}
p{margin:.5rem 0}
.quiet{color:var(--quiet)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.strong{font-weight:600}
.unseen{position:absolute!important;width:1px!important;height:1px;padding:0!important;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.state{display:inline-block;font-weight:600;font-size:.875rem;line-height:1.35;padding:.1rem .6rem;border-radius:1rem;background:var(--soft);color:var(--quiet);max-width:100%;overflow-wrap:anywhere}
.state.good{background:var(--good-back);color:var(--good)}
.state.bad{background:var(--bad-back);color:var(--bad)}
.banner{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--quiet);border-radius:.5rem;padding:.75rem 1rem;color:var(--front)}
.banner.good{border-left-color:var(--good)}.banner.bad{border-left-color:var(--bad)}.banner.warn{border-left-color:var(--warn)}
.empty{color:var(--quiet);border:1px dashed var(--line);border-radius:.6rem;padding:1rem 1.25rem;margin:.5rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(11.5rem,100%),1fr));gap:1px;background:var(--card);border:1px solid var(--line);border-radius:.6rem;overflow:hidden;margin:1rem 0;box-shadow:var(--shadow)}
.tiles div{box-shadow:0 0 0 1px var(--line);padding:.8rem 1rem;min-width:0}
.tiles time{white-space:normal}
.tiles dt{color:var(--quiet);font-size:.875rem}
.tiles dd{margin:0;font-size:1.15rem;font-weight:600;overflow-wrap:anywhere}
.tiles dd.more{font-size:.875rem;font-weight:400;color:var(--quiet)}
.facts{margin:.75rem 0}
.facts div{display:grid;grid-template-columns:9rem 1fr;gap:.15rem 1rem;padding:.2rem 0}
.card .facts{display:flex;flex-wrap:wrap;gap:.5rem 2.25rem;margin-bottom:0}.card .facts div{display:block;padding:0}.card .facts dt{font-size:.875rem}
.facts dt{color:var(--quiet)}.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
.facts ul{margin:0;padding-left:1.1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr));gap:1rem;padding:0;margin:.5rem 0;list-style:none}
.charts{grid-template-columns:repeat(auto-fit,minmax(min(21rem,100%),1fr))}
.wide-cards{grid-template-columns:repeat(auto-fit,minmax(min(30rem,100%),1fr))}
.card,.chart,table:not(.calendar),.phases>li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;box-shadow:var(--shadow)}
.card,.chart{padding:1rem 1.1rem;min-width:0}
.card{color:var(--front)}
.card h2{margin:0 0 .35rem;overflow-wrap:anywhere}
.card.bad{border-left:4px solid var(--bad)}
.card+.card,.failure{margin-top:1rem}
.cards .card+.card{margin-top:0}
.confirm{max-width:44rem}
.findings{list-style:none;padding:0;margin:.5rem 0;display:grid;gap:.6rem}
.findings li{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--warn);border-radius:.5rem;padding:.7rem 1rem;color:var(--front);overflow-wrap:anywhere;min-width:0}
.findings li.bad{border-left-color:var(--bad)}
.card .findings li{border-width:0 0 0 3px;border-radius:0;padding:.05rem 0 .05rem .9rem}
.findings p{margin:.2rem 0}
.findings.findings li.bad strong{color:var(--bad)}.findings li.warn strong{color:var(--warn)}
.next{background:var(--soft);border-radius:.4rem;padding:.4rem .7rem;margin:.5rem 0 0!important}
.next span{font-weight:600;margin-right:.35rem}
.next+p{margin-top:.9rem}
.confirm .actions{margin-top:1.1rem}
table:not(.calendar){border-collapse:separate;border-spacing:0;width:100%;margin:.5rem 0 1rem;overflow:hidden}
caption{text-align:left;color:var(--quiet);font-size:.875rem;padding:.35rem 0 .5rem}
th,td{text-align:left;padding:.55rem 1rem;vertical-align:top;border-bottom:1px solid var(--line);min-width:0}
tbody tr:last-child td{border-bottom:0}
thead th{font-size:.875rem;font-weight:600;color:var(--quiet);background:var(--soft);white-space:nowrap}
td>div{overflow-wrap:anywhere}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody tr:hover td{background:color-mix(in srgb,var(--soft) 45%,transparent)}
time{white-space:nowrap}
pre{background:var(--soft);border-radius:.5rem;padding:.75rem 1rem;margin:.6rem 0;overflow:auto;max-height:32rem;white-space:pre-wrap;overflow-wrap:anywhere;color:var(--front);line-height:1.45}
details summary{cursor:pointer;color:var(--quiet);overflow-wrap:anywhere}
details.card summary{color:var(--front)}
.chart h3{display:flex;justify-content:space-between;gap:1rem;font-weight:600}
.chart .now{font-variant-numeric:tabular-nums;white-space:nowrap}
.chart p{margin:.35rem 0 0;font-size:.875rem}
.chart{display:grid;grid-template-rows:1fr auto auto auto}.charts>.chart{grid-row:span 4;grid-template-rows:subgrid;row-gap:0}
.chart h3 .of{font-weight:400;color:var(--quiet);overflow-wrap:break-word}.chart h3>span:first-child{min-width:0}
.plot{display:grid;grid-template-columns:max-content 1fr;gap:.6rem}
.scale{display:flex;flex-direction:column;justify-content:space-between;font-size:.75rem;line-height:1;color:var(--quiet);text-align:right;font-variant-numeric:tabular-nums}
.plot svg{width:100%;height:6.5rem;display:block;overflow:visible}
.span{display:flex;justify-content:space-between;gap:.5rem;color:var(--quiet);font-size:.75rem!important;margin-top:.5rem!important}
path{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--line)}
.line{stroke:var(--bar);stroke-width:1.75;stroke-linejoin:round}
.dot{stroke:var(--bar);stroke-width:5;stroke-linecap:round}
.area{fill:var(--area)}
.limit{stroke:var(--bad);stroke-dasharray:5 4;stroke-width:1.5}
path.mark{width:auto;height:auto;stroke:var(--quiet);stroke-dasharray:2 3;stroke-width:1}
.mark path{fill:inherit;vector-effect:none}
.came{white-space:nowrap}
.spark{width:7rem;height:1.25rem;display:block;overflow:visible}
.calendar{width:calc(100% + .6rem);table-layout:fixed;border-spacing:.3rem;border-collapse:separate;margin:-.3rem}
.calendar th{background:none;border:0;padding:0 .5rem;font-size:.8rem}
.calendar abbr{text-decoration:none}
.calendar td{background:var(--card);border:1px solid var(--line)!important;border-radius:.45rem;padding:.35rem .5rem;height:4.9rem;font-size:.8rem;line-height:1.35}
.calendar td.good{background:var(--good-back)}.calendar td.bad{background:var(--bad-back)}
.calendar td.future{background:none;color:var(--quiet)}
.calendar td time{display:block;font-weight:600;color:var(--front)}
.calendar td.future time{color:var(--quiet);font-weight:400}
.calendar .state{padding:0;background:none;font-size:.8rem;display:block}
.calendar .bytes{display:block;color:var(--front)}
.phases,.steps{list-style:none;padding:0;margin:0}
.phases{display:grid;gap:.75rem}
.phases h3{margin:0;padding:.55rem 1rem;background:var(--soft);border-radius:.6rem .6rem 0 0;text-transform:none;display:flex;gap:.5rem;align-items:baseline}
.phases h3 .quiet{margin-left:auto;font-weight:400;font-size:.875rem}
.steps>li{display:grid;grid-template-columns:minmax(0,1fr) 11rem 5.5rem;gap:0 1rem;padding:.45rem 1rem;border-top:1px solid var(--line);align-items:start}
.steps p{margin:0}
.steps .what{min-width:0;overflow-wrap:anywhere}
.steps .what .quiet,.steps details{font-size:.875rem}
.steps details{margin-left:1.4rem}
.steps .what>p:not(:first-child){margin-left:1.4rem}
.steps .what>p:first-child{padding-left:1.4rem;text-indent:-1.4rem}
.sign{display:inline-block;width:1.15rem;font-weight:700;text-indent:0}
.sign.none{color:var(--quiet)}
.when{width:100%;height:.5rem;margin-top:.55rem;background:var(--soft);border-radius:.25rem;display:block}
.when rect{fill:var(--bar)}.when.bad rect{fill:var(--bad)}
.took{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.actions,.choice{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
.choice a{padding:.15rem .7rem;border-radius:1rem;border:1px solid var(--line);background:var(--card);text-decoration:none}
.choice a[aria-current]{background:var(--link);border-color:var(--link);color:var(--on-link);font-weight:600}
button,.button{font:inherit;font-weight:500;line-height:1.3;padding:.5rem .95rem;border:1px solid var(--link);border-radius:.45rem;background:var(--link);color:var(--on-link);text-decoration:none;cursor:pointer;display:inline-block}
.other{background:var(--card);color:var(--link);border-color:var(--line)}
.button:hover,button:hover{filter:brightness(.94)}
input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);border-radius:.45rem;padding:.45rem .6rem;max-width:100%}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:1}
footer{padding-top:1rem!important;padding-bottom:1.25rem!important;font-size:.875rem}
footer p{margin:0}
@media(max-width:44rem){
.wide{padding:0 1rem}
h1{font-size:1.4rem}
nav ul{gap:0 1.15rem;padding-bottom:.15rem}
nav a{padding:.3rem 0;border-width:2px}
.title .actions{margin:0;width:100%}
.title .button{flex:1 1 auto;text-align:center;padding:.45rem .6rem;font-size:.9rem}
.tiles{grid-template-columns:1fr 1fr}.tiles div:last-child:nth-child(odd){grid-column:1/-1}
.tiles dd{font-size:1.05rem}
.facts div{grid-template-columns:1fr}
.facts dt{font-size:.875rem}
table[role=table],table[role=table] tbody,table[role=table] tr,table[role=table] td,table[role=table] caption{display:block;width:100%}
table[role=table]{background:none!important;border:0!important;box-shadow:none!important;border-radius:0!important;overflow:visible!important}
table[role=table] thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table[role=table] tr{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.45rem .9rem;margin-bottom:.6rem;box-shadow:var(--shadow)}
table[role=table] tr{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;align-items:baseline}
table[role=table] td{display:flex;width:auto;max-width:100%;gap:.4rem;align-items:baseline;padding:.1rem 0;border:0;text-align:left;white-space:normal}
table[role=table] td:first-child{width:100%;font-weight:600}
table[role=table] td:not(:first-child)::before{content:attr(data-name);color:var(--quiet);font-size:.8125rem;flex:none}
.choice{gap:.4rem}.choice a{padding:.15rem .6rem}
.calendar{border-spacing:.15rem;margin:0;width:100%}
.calendar th{padding:0;text-align:center}
.calendar td{padding:.2rem;height:3.4rem;text-align:center;font-size:.75rem}
.calendar .words{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.calendar .bytes{font-size:.65rem;white-space:nowrap}
.steps>li{grid-template-columns:minmax(0,1fr) auto;padding:.5rem .9rem}
.steps .when{grid-column:1/-1;order:3;margin:.35rem 0 .1rem}
}
`.trim();
