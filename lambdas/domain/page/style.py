"""The page's style sheet: light and dark as the reader's system has it, and black on white on paper."""

from typing import Final

_LIGHT = """\
  --paper: #ffffff; --panel: #f5f6f8; --ink: #1a1d21; --soft: #535b66; --line: #d5d9df;
  --aws: #8a4b00; --aws-fill: #fdecd2; --us: #114a96; --us-fill: #dfeafa; --admin: #1c5e2c; --admin-fill: #dff3e3;
  --bad: #a11218; --bad-fill: #fde4e4; --good: #1c5e2c; --code: #eceff3;"""
_DARK = """\
  --paper: #15181c; --panel: #1e2227; --ink: #e7eaee; --soft: #a5aeba; --line: #3a414b;
  --aws: #f5c07a; --aws-fill: #46300f; --us: #9cc4ff; --us-fill: #17304f; --admin: #94d9a3; --admin-fill: #173a20;
  --bad: #ff9d9d; --bad-fill: #4f1a1d; --good: #94d9a3; --code: #272c33;"""

STYLE: Final = f"""
:root {{ color-scheme: light dark;
{_LIGHT} }}
@media (prefers-color-scheme: dark) {{ :root {{
{_DARK} }} }}
* {{ box-sizing: border-box; }}
html {{ -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }}
body {{ margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif; }}
h1 {{ font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }}
h2 {{ font-size: 1.2rem; margin: 2.25rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }}
h3 {{ font-size: 1.05rem; margin: 1.75rem 0 .5rem; overflow-wrap: anywhere; }}
h4 {{ font-size: .95rem; margin: 1.25rem 0 .4rem; }}
p {{ margin: .5rem 0; overflow-wrap: anywhere; }}
.soft {{ color: var(--soft); }}
.bad {{ color: var(--bad); font-weight: 600; }}
.good {{ color: var(--good); font-weight: 600; }}
header p {{ margin: .25rem 0 0; }}
.badge {{ display: inline-block; padding: .05rem .6rem; border: 1px solid currentColor; border-radius: 1rem;
  font-size: .85rem; font-weight: 600; vertical-align: .2em; white-space: nowrap; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: .75rem 0;
  padding: .9rem 1.1rem; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; }}
dt {{ color: var(--soft); }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
dd p {{ margin: 0; }}
.wide {{ overflow-x: auto; margin: .5rem 0 1rem; }}
.wide:focus-visible {{ outline: 2px solid var(--us); outline-offset: 2px; }}
table {{ border-collapse: collapse; width: 100%; min-width: 44rem; font-size: .9rem; }}
table.timeline {{ min-width: 60rem; }}
caption {{ text-align: left; color: var(--soft); padding: .2rem 0; }}
.said caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }}
thead th {{ color: var(--soft); font-weight: 600; white-space: nowrap; }}
tbody th {{ font-weight: 600; }}
.sides td {{ width: 28%; }}
td p {{ margin: 0 0 .2rem; }}
.keep, .steps th, .steps td:nth-child(2), .sides tbody th {{ white-space: nowrap; }}
.timeline th, .timeline td, .files td {{ font-variant-numeric: tabular-nums; }}
code, pre, .mono {{ font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .86em; }}
code {{ background: var(--code); border-radius: .25rem; padding: .1rem .35rem; overflow-wrap: anywhere; }}
pre {{ background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }}
ul {{ margin: .4rem 0; padding-left: 1.25rem; }}
ol.tasks {{ margin: .5rem 0; padding-left: 1.5rem; }}
ol.tasks li {{ margin: .6rem 0; }}
ol.tasks code {{ display: block; width: fit-content; max-width: 100%; margin: .25rem 0; padding: .25rem .6rem; }}
footer {{ margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .85rem; }}
svg.picture {{ display: block; width: 100%; min-width: 46rem; height: auto; }}
.picture text {{ font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif;
  fill: var(--ink); }}
.picture .mark > text:last-child, .picture .now text, .picture .deadline text {{
  paint-order: stroke; stroke: var(--paper); stroke-width: 3; }}
.picture .soft {{ fill: var(--soft); }}
.picture .lane {{ font-weight: 600; }}
.picture .row {{ fill: var(--panel); }}
.picture .tick {{ stroke: var(--line); }}
.picture .mark rect {{ stroke-width: 1.5; }}
.picture .mark text {{ font-weight: 600; text-anchor: middle; }}
.picture .notices rect {{ fill: var(--aws-fill); stroke: var(--aws); }}
.picture .notices text {{ fill: var(--aws); }}
.picture .responder rect {{ fill: var(--us-fill); stroke: var(--us); }}
.picture .responder text {{ fill: var(--us); }}
.picture .admins rect {{ fill: var(--admin-fill); stroke: var(--admin); }}
.picture .admins text {{ fill: var(--admin); }}
.picture .alert rect {{ fill: var(--bad-fill); stroke: var(--bad); stroke-width: 2.5; }}
.picture .alert text, .picture .deadline text {{ fill: var(--bad); }}
.picture .deadline line {{ stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4; }}
.picture .now line {{ stroke: var(--ink); stroke-width: 1.5; }}
.picture .deadline text, .picture .now text {{ font-weight: 600; }}
@media (max-width: 40rem) {{
  body {{ padding: 1rem .9rem 2rem; }}
  dl {{ grid-template-columns: 1fr; gap: 0; }}
  dd {{ margin-bottom: .5rem; }}
}}
@page {{ margin: 14mm; }}
@media print {{
  :root {{ color-scheme: light;
{_LIGHT} }}
  html {{ font-size: 9.5pt; }}
  body {{ max-width: none; padding: 0; }}
  h2 {{ margin-top: 1.6rem; }}
  table, table.timeline {{ min-width: 0; }}
  svg.picture {{ min-width: 0; }}
  .wide {{ overflow: visible; }}
  h2, h3, h4, caption {{ break-after: avoid; }}
  tr, li, svg, dl {{ break-inside: avoid; }}
  thead {{ display: table-header-group; }}
  .sides tbody th {{ white-space: normal; min-width: 7rem; }}
}}
"""
