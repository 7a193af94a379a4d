// The look and the behaviour of the HTML report: one style sheet and one script, without anything
// from elsewhere. Knows no run.
#pragma once

namespace weft::results {

inline constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --fg:#1b1f24; --bg:#fff; --line:#d0d7de; --dim:#59636e;
  --good:#1a7f37; --bad:#b3261e; --soft:#7d5200; --info:#0550ae; --mark:#fff3bf; --code:#f6f8fa;
  --alarm:#ffebe9; }
@media (prefers-color-scheme: dark) { :root { --fg:#e6edf3; --bg:#0d1117; --line:#30363d;
  --dim:#9198a1; --good:#4ac26b; --bad:#ff7b72; --soft:#e3b341; --info:#79c0ff; --mark:#3d3000;
  --code:#161b22; --alarm:#3c1618; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--fg); background: var(--bg);
  margin: 0 auto; max-width: 90rem; padding: 1rem 1.5rem; }
a { color: var(--info); } h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
a:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--info);
  outline-offset: 2px; }
.page { scroll-margin-top: 4rem; } .page:focus { outline: none; }
nav a { margin-right: 1rem; } .skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
table { border-collapse: collapse; } caption { text-align: left; color: var(--dim);
  padding-bottom: .3rem; }
th, td { padding: .15rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; } tbody th { font-weight: 400; }
thead th { position: sticky; top: 0; background: var(--bg); }
.v { font-family: ui-monospace, monospace; white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.passed { color: var(--good); } .failed { color: var(--bad); font-weight: 700; }
.skipped { color: var(--soft); } .other { color: var(--info); } .dim { color: var(--dim); }
pre { overflow: auto; border: 1px solid var(--line); background: var(--code); padding: .6rem;
  max-height: 30rem; margin: .4rem 0; } pre.plain { border: 0; background: none; padding: 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .87rem; }
p code { overflow-wrap: anywhere; }
.threads td { padding: 0 .6rem 0 0; border: 0; } .threads pre { min-width: 14rem; max-height: none; }
.outcomes th code { white-space: nowrap; } tr.alarm { background: var(--alarm); }
.outcomes td.n .dim { display: inline-block; min-width: 4.5rem; }
.bar { display: block; height: 3px; margin-left: auto; background: currentColor; opacity: .6;
  width: max(1px, var(--w)); }
summary { cursor: pointer; padding: .2rem 0; } summary code { font-size: .95rem; }
details details { margin-left: 1rem; }
.weft-drawing { display: block; margin: .6rem 0; }
input[type=search] { font: inherit; padding: .3rem .6rem; width: 24rem; max-width: 100%; }
tr:focus-within, tr.at, tr:target { background: var(--mark); }
.verdict { font-size: 1.2rem; } .counts .v { margin-left: 1rem; }
.counts .v:first-child { margin-left: 0; }
.wide { overflow-x: auto; } .hash { font-size: .75rem; overflow-wrap: anywhere; }
.page { display: none; } .page:target, .page.shows, #run { display: block; }
.page:has(:target) { display: block; }
.page:target ~ #run, .page:has(:target) ~ #run, .page.shows ~ #run { display: none; }
@media print { nav, .filter { display: none; } thead th { position: static; } }
)";

inline constexpr char kScript[] = R"(
// `/` goes to the filter box, j and k walk the rows, Enter opens the row's first link. Each box
// filters the table of its own page.
const visible = element => element.offsetParent !== null;
const boxes = [...document.querySelectorAll('input[type=search]')].map(box => {
  const page = box.closest('section') || document;
  const rows = [...page.querySelectorAll('tbody tr')];
  const shown = page.querySelector('.shown');
  let at = -1;
  const self = {box, rows};
  self.apply = () => {
    if (rows.length && !rows[0].dataset.text)
      for (const row of rows) row.dataset.text = row.textContent.toLowerCase();
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.dataset.text;
      row.hidden = !words.every(w => w[0] === '-' && w.length > 1 ? !text.includes(w.slice(1)) : text.includes(w));
      if (!row.hidden) count++;
    }
    shown.textContent = count + ' of ' + rows.length + ' rows';
  };
  self.go = step => {
    let next = at + step;
    while (next >= 0 && next < rows.length && rows[next].hidden) next += step;
    if (next < 0 || next >= rows.length) return;
    if (at >= 0) rows[at].classList.remove('at');
    at = next;
    rows[at].classList.add('at');
    const link = rows[at].querySelector('a');
    if (link) link.focus({preventScroll: true});
    rows[at].scrollIntoView({block: 'nearest'});
  };
  box.addEventListener('input', () => {
    self.apply();
    if (page === document) history.replaceState(null, '', '#' + encodeURIComponent(box.value));
  });
  const hash = decodeURIComponent(location.hash.slice(1));
  if (page === document && hash && !document.getElementById(hash)) box.value = hash;
  self.apply();
  return self;
});
for (const link of document.querySelectorAll('a[data-filter]')) {
  link.addEventListener('click', () => {
    const one = boxes.find(b => b.box.closest('section').id === 'tests');
    one.box.value = link.dataset.filter;
    one.apply();
  });
}
document.addEventListener('keydown', event => {
  const one = boxes.find(b => visible(b.box));
  if (!one) return;
  if (event.target === one.box) { if (event.key === 'Escape') one.box.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') { event.preventDefault(); one.box.focus(); }
  if (event.key === 'j') one.go(1);
  if (event.key === 'k') one.go(-1);
});
)";

}  // namespace weft::results
