// The look and the behaviour of the HTML report: one style sheet and one script, without anything
// from elsewhere.
#pragma once

namespace weft::results {

inline constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --fg:#1b1f24; --bg:#fff; --line:#d0d7de; --dim:#59636e;
  --good:#1a7f37; --bad:#b3261e; --soft:#9a6700; --info:#0550ae; --mark:#fff3bf; }
@media (prefers-color-scheme: dark) { :root { --fg:#e6edf3; --bg:#0d1117; --line:#30363d;
  --dim:#9198a1; --good:#4ac26b; --bad:#ff7b72; --soft:#e3b341; --info:#79c0ff; --mark:#3d3000; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--fg); background: var(--bg);
  margin: 0 auto; max-width: 90rem; padding: 1rem 1.5rem; }
a { color: var(--info); } h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; } th, td { padding: .15rem .6rem; border-bottom: 1px solid
  var(--line); text-align: left; vertical-align: top; } thead th { position: sticky; top: 0;
  background: var(--bg); } td.v { font-family: ui-monospace, monospace; white-space: nowrap; }
.passed { color: var(--good); } .failed { color: var(--bad); font-weight: 700; }
.skipped { color: var(--soft); } .other { color: var(--info); } .dim { color: var(--dim); }
pre { overflow: auto; border: 1px solid var(--line); padding: .6rem; max-height: 30rem; }
input[type=search] { font: inherit; padding: .3rem .6rem; width: 24rem; max-width: 100%; }
tr:focus-within, tr.at { background: var(--mark); } nav a { margin-right: 1rem; }
.verdict { font-size: 1.2rem; } .wide { overflow-x: auto; }
)";

inline constexpr char kScript[] = R"(
// `/` goes to the filter box, j and k walk the rows, Enter opens the row's first link.
const box = document.querySelector('input[type=search]');
const rows = [...document.querySelectorAll('tbody tr')];
let at = -1;
function apply() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.dataset.text;
    row.hidden = !words.every(w => w[0] === '-' && w.length > 1 ? !text.includes(w.slice(1)) : text.includes(w));
    if (!row.hidden) shown++;
  }
  document.getElementById('shown').textContent = shown + ' of ' + rows.length + ' rows';
}
function go(step) {
  const seen = rows.filter(r => !r.hidden);
  if (!seen.length) return;
  if (at >= 0 && rows[at]) rows[at].classList.remove('at');
  const next = seen[Math.max(0, Math.min(seen.length - 1, seen.indexOf(rows[at]) + step))];
  at = rows.indexOf(next);
  next.classList.add('at');
  next.scrollIntoView({block: 'nearest'});
}
if (box) {
  for (const row of rows) row.dataset.text = row.textContent.toLowerCase();
  box.addEventListener('input', () => { apply(); location.hash = encodeURIComponent(box.value); });
  if (location.hash) box.value = decodeURIComponent(location.hash.slice(1));
  apply();
  document.addEventListener('keydown', event => {
    if (event.target === box) { if (event.key === 'Escape') box.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') { event.preventDefault(); box.focus(); }
    if (event.key === 'j') go(1);
    if (event.key === 'k') go(-1);
    if (event.key === 'Enter' && at >= 0) { const a = rows[at].querySelector('a'); if (a) a.click(); }
  });
}
)";

}  // namespace weft::results
