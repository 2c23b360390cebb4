/** Looks of the report: light and dark, readable on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #181a1f; --quiet: #5d636e; --line: #dfe2e7; --panel: #f5f6f8;
  --reward: #0072b2; --area: #b35900; --core: #007a5a; }
@media (prefers-color-scheme: dark) { :root { --paper: #121418; --ink: #eceef2; --quiet: #a3a9b5; --line: #2c313a;
  --panel: #1b1e24; --reward: #56b4e9; --area: #e69f00; --core: #2fc596; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
.lead, figcaption, .note { color: var(--quiet); overflow-wrap: anywhere; }
.lead { margin: 0 0 1.5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: .75rem; margin: 0 0 1.5rem; }
.facts div { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; }
.facts dt { color: var(--quiet); font-size: .875rem; }
.facts dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts small { display: block; font-size: .875rem; font-weight: 400; color: var(--quiet); overflow-wrap: anywhere; }
figure { margin: 0; }
video, figure img { display: block; width: 100%; height: auto; border-radius: 10px; border: 1px solid var(--line); }
figcaption { font-size: .875rem; margin-top: .5rem; }
.chart { width: 100%; height: auto; max-width: 760px; }
.chart text { fill: var(--quiet); font-size: 12px; }
.grid { stroke: var(--line); }
.line { fill: none; stroke-width: 2; }
.line.reward { stroke: var(--reward); } .line.area { stroke: var(--area); } .line.core { stroke: var(--core); }
.legend span { margin-right: 1.25rem; } .legend span::before { content: ""; display: inline-block; width: 1.1em;
  height: 3px; margin-right: .45em; vertical-align: middle; background: currentColor; }
.legend .reward { color: var(--reward); } .legend .area { color: var(--area); } .legend .core { color: var(--core); }
.warning { border-left: 3px solid var(--area); padding: .1rem 0 .1rem .8rem; margin: .5rem 0; }
details { border: 1px solid var(--line); border-radius: 10px; padding: .6rem 1rem; margin: .6rem 0; }
summary { cursor: pointer; font-weight: 600; }
pre { overflow: auto; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
:focus-visible { outline: 2px solid var(--reward); outline-offset: 2px; }
`;
