/** What the sync page adds to the look of all pages. */
export const syncPageStyle = `
:root { --muted: #f4f5f7; --good-soft: #e4f4ec; --busy: #7d5200; --busy-soft: #fdf3dc; --bad-soft: #fcebea; --near: #6fa3f5; --far: #0b57d0; scroll-padding-block: 16px 112px }
@media (prefers-color-scheme: dark) { :root { --muted: #262c33; --good-soft: #17332a; --busy: #f0c062; --busy-soft: #3a2f17; --bad-soft: #3d2322; --near: #4a7ddb; --far: #8ab4ff } }
body { place-items: start center; padding-block: clamp(16px, 6vh, 64px) 16px }
main { width: min(44rem, 100%); text-align: start }
[hidden] { display: none !important }
.off { visibility: hidden }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
small { display: inline; margin: 0 }
button:not([aria-disabled=true]):active { opacity: .85 }
[aria-disabled=true] { cursor: default }

.link { display: flex; align-items: center; justify-content: center; gap: 10px; margin: 4px 0 20px }
.tile { display: grid; place-items: center; width: 48px; height: 48px; border: 1px solid var(--edge); border-radius: 12px; font-size: 20px; font-weight: 650 }
.tile svg { width: 26px; height: 26px; fill: none; stroke-width: 3.6; stroke-linecap: round } .near { stroke: var(--near) } .far { stroke: var(--far) }
.line { position: relative; width: 84px; height: 24px; color: var(--good) }
.line::before { content: ""; position: absolute; inset: 11px 0 auto; height: 2px; border-radius: 2px; background: currentColor }
.bead { display: none; position: absolute; top: 8px; width: 8px; height: 8px; border-radius: 50%; background: currentColor; box-shadow: 0 0 0 3px var(--good-soft); animation: flow 1.8s cubic-bezier(.5, 0, .5, 1) infinite }
.knot { display: none; position: absolute; inset: 0; place-items: center; width: 24px; height: 24px; margin: auto; border: 2px solid currentColor; border-radius: 50%; background: var(--surface); color: inherit; font-size: 13px; line-height: 1 }
[data-state=syncing] .bead { display: block }
[data-state=waiting] { color: var(--strong) } [data-state=broken] { color: var(--bad) } [data-state=broken] .knot { display: grid }
[data-state=waiting]::before, [data-state=broken]::before { background: repeating-linear-gradient(90deg, currentColor 0 5px, transparent 5px 10px) }
@keyframes flow { from { left: 92%; opacity: 0 } 15%, 85% { opacity: 1 } to { left: 0; opacity: 0 } }

header { text-align: center } h1 { margin: 0 0 6px; outline: 0 } header p { min-height: 1.5em; margin: 0 0 14px; text-wrap: balance }
time, .mark, #facts, #text, .foot, .found { font-variant-numeric: tabular-nums }
progress { display: block; width: 100%; height: 8px; margin: 0 0 18px; border: 0; border-radius: 8px; overflow: hidden; appearance: none; background: var(--muted); color: var(--good) }
progress::-webkit-progress-bar { background: var(--muted) } progress::-webkit-progress-value { background: var(--good); border-radius: 8px; transition: inline-size .6s } progress::-moz-progress-bar { background: var(--good); border-radius: 8px }
progress:indeterminate { background: linear-gradient(90deg, var(--muted) 30%, var(--good) 50%, var(--muted) 70%) 0 / 200% 100%; animation: sweep 2.4s linear infinite } progress:indeterminate::-webkit-progress-bar { background: none } progress:indeterminate::-moz-progress-bar { background: none }
@keyframes sweep { from { background-position: 140% 0 } to { background-position: -40% 0 } }

.who { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 12px 14px; border: 1px solid var(--edge); border-radius: 12px }
.avatar { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 50%; background: var(--muted); color: var(--soft); font-size: 13px; font-weight: 600 }
.whose { flex: 1 1 12rem; min-width: 0 } .whose > bdi { display: block; font-weight: 600 }
.whole { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 0 }
.whole button { flex: 1 1 14rem; padding: 8px 16px }
.whole button, #clear, #refresh, .more button { margin: 0; background: transparent; color: inherit; border-color: var(--strong) }
button[aria-disabled=true] { background: var(--muted); border-color: transparent; color: var(--soft) }
button[aria-busy=true] { cursor: progress }
@media (hover: hover) { .whole button:hover, #clear:hover, #refresh:hover, .more button:hover, .twist:hover { background: var(--muted) } .rows label:hover .name { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px } }

h2 { margin: 28px 0 2px; font-size: 16px; line-height: 1.3; font-weight: 650 } .hint { margin: 0 0 12px }
.search { position: relative; display: block; min-height: 0; margin: 0; padding: 0; border: 0 } .search svg { position: absolute; inset-inline-start: 14px; top: 14px; width: 16px; height: 16px; fill: none; stroke: var(--soft); stroke-width: 1.6; stroke-linecap: round }
#search { width: 100%; height: 44px; padding: 0 14px 0 40px; border: 1px solid var(--strong); border-radius: 9px; background: var(--surface); color: inherit; font: inherit; font-size: 16px } #search::placeholder { color: var(--soft); opacity: 1 }
.found { display: flex; align-items: center; gap: 12px; min-height: 52px; padding: 4px 0; color: var(--soft); font-size: 13px } .found span { flex: 1 } #refresh { width: auto; padding: 0 14px; font-size: 13px }

.rows { border: 1px solid var(--edge); border-radius: 12px } .rows:empty { display: none } .rows, .rows ul { margin: 0; padding: 0; list-style: none }
.rows li + li > *, .rows ul > li:first-child > * { border-top: 1px solid var(--edge) } .rows ul > li > ul > li:first-child > * { border-top: 1px solid var(--edge) } .rows li > ul { border: 0 !important }
.row { display: flex; align-items: stretch; padding-inline-start: calc(var(--level) * clamp(10px, 3vw, 22px)) }
.twist { flex: none; display: grid; place-items: center; width: 44px; min-height: 44px; margin: 0 !important; padding: 0; border: 0; background: none; color: var(--soft) }
button.twist::before { content: ""; width: 7px; height: 7px; border: solid currentColor; border-width: 0 1.8px 1.8px 0; transform: rotate(-45deg); transition: transform .18s } button.twist[aria-expanded=true]::before { transform: rotate(45deg) }
.row label { flex: 1; min-width: 0; gap: 12px; margin: 0; padding: 10px 14px 10px 0; border: 0; border-radius: 0; cursor: pointer } .row input { flex: none; width: 20px; height: 20px } .row input:disabled ~ * { color: var(--soft) }
.words { flex: 1; min-width: 0; display: flex; align-items: center; gap: 2px 12px } .name { flex: 1; min-width: 0; text-align: left } li[data-type=SPACE] > .row .name { font-weight: 600 }
.about { flex: none; display: flex; align-items: center; gap: 10px; max-width: 55%; color: var(--soft); font-size: 13px; text-align: end }
.mark { all: unset; padding: 2px 9px; border-radius: 99px; font-size: 12.5px; font-weight: 550 } .mark:empty { display: none } .mark[data-tone=plain] { padding-inline: 0; font-weight: 400; color: var(--soft) } .mark[data-tone=good] { background: var(--good-soft); color: var(--good) } .mark[data-tone=busy] { background: var(--busy-soft); color: var(--busy) } .mark[data-tone=bad] { background: var(--bad-soft); color: var(--bad) }
.more { padding: 8px } .more > button { border-color: var(--strong) !important }

.foot { position: sticky; bottom: 0; display: flex; align-items: center; gap: 10px; margin: 16px -24px -24px; padding: 12px 24px; border-top: 1px solid var(--edge); border-radius: 0 0 14px 14px; background: var(--surface) }
.foot span { flex: 1; color: var(--soft) } .foot span[data-tone=good] { color: var(--good) } .foot span[data-tone=bad] { color: var(--bad) }
.foot button { width: auto; margin: 0; padding: 0 18px; white-space: nowrap } #sync:not([aria-disabled=true]) { background: var(--primary); color: var(--on-primary); border-color: transparent }
@media (max-width: 30rem) { body { padding: 0 } main { min-height: 100vh; padding: 24px 16px; border: 0; border-radius: 0 } .words { flex-direction: column; align-items: stretch } .about { max-width: none; text-align: start } .foot { flex-wrap: wrap; margin: 16px -16px -24px; padding: 12px 16px; border-radius: 0 } .foot span { flex: 1 0 100% } #sync { flex: 1 } #clear.off { display: none } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important } .bead { left: 45% } progress:indeterminate { background: var(--muted) } }
noscript p { margin: 12px 0 0 }
@media (forced-colors: active) { button[aria-disabled=true] { color: GrayText; border-color: GrayText } .tile, .knot, .mark { border: 1px solid } .line::before { forced-color-adjust: none } }
`
