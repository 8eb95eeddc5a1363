import type { Region } from '@domicile/residency';
import { type Colour, inkOn, legible } from './colour.js';

/** What a region's card lies on, by scheme. Accents are made legible on it, whatever the region file says. */
const CARD: Readonly<Record<'light' | 'dark', Colour>> = { light: '#ffffff', dark: '#1a1d21' };

const SHEET = `
:root{color-scheme:light dark;--ground:#f6f5f2;--card:${CARD.light};--ink:#17191c;--soft:#565b63;--line:#dddad3}
@media (prefers-color-scheme:dark){:root{--ground:#111316;--card:${CARD.dark};--ink:#ecedee;--soft:#a5abb3;--line:#33383f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word;font-kerning:normal}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 clamp(1.25rem,4vw,3rem)}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;padding-block:1.5rem}
header nav{display:flex;flex-wrap:wrap;gap:0 1.25rem}
header a{color:inherit;text-decoration:none;padding:.35rem 0;font-size:.9375rem}
.brand{margin-right:auto}
header a:hover:not(.brand),header a[aria-current]{text-decoration:underline;text-underline-offset:.35em;text-decoration-thickness:1px}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:650;font-size:1.125rem;letter-spacing:-.01em}
.brand svg{width:1.6rem;height:1.6rem}
h1,h2,h3{line-height:1.15;letter-spacing:-.02em;font-weight:650;text-wrap:balance;margin:0}
h1{font-size:clamp(2.25rem,1.35rem + 4vw,4rem);line-height:1.04;letter-spacing:-.035em;max-width:16ch}
h2{font-size:clamp(1.375rem,1.2rem + .8vw,1.75rem)}
h3{font-size:1.5rem}
p{margin:0}
p,dd,li span{text-wrap:pretty}
.hero{padding-block:clamp(2rem,6vw,5rem) clamp(2rem,5vw,4rem)}
.lead{margin-top:1.5rem;max-width:38rem;font-size:clamp(1.0625rem,1rem + .35vw,1.25rem);color:var(--soft)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.chosen{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin-bottom:1.25rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:1.5rem}
.card{display:grid;grid-row:span 7;grid-template-rows:subgrid;gap:1.25rem;background:linear-gradient(var(--accent) .375rem,var(--card) 0) border-box;border:1px solid var(--line);border-radius:1rem;padding:clamp(1.75rem,3vw,2.25rem) clamp(1.25rem,3vw,2rem) 1.5rem}
.card h3{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:center}
.mark{font-size:.8125rem;letter-spacing:0;color:var(--accent);border:1px solid;border-radius:2rem;padding:.15rem .65rem}
dl,dd{margin:0}
.card dl{display:grid;grid-row:span 4;grid-template-rows:subgrid;gap:1.25rem}
dt{font-size:.875rem;color:var(--soft)}
.acts{display:flex;flex-wrap:wrap;gap:.75rem;align-self:end;margin-top:.5rem}
.acts a{display:grid;place-items:center;min-height:3rem;padding:.5rem 1.25rem;border-radius:.625rem;font-weight:600;text-align:center;text-decoration:none}
.go{flex:99 1 12rem;background:var(--accent);color:var(--on)}
.in{flex:1 1 auto;color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.acts a:hover{text-decoration:underline;text-underline-offset:.25em}
button{font:inherit;font-size:.9375rem;color:var(--soft);background:none;border:0;padding:.35rem 0;min-height:1.75rem;cursor:pointer;text-decoration:underline;text-underline-offset:.25em;text-decoration-thickness:1px;text-align:left}
button:hover{color:var(--ink)}
a:focus-visible,button:focus-visible{outline:3px solid var(--ink);outline-offset:3px;border-radius:.25rem}
section,.two{margin-top:clamp(3rem,8vw,5.5rem)}
.two section{margin-top:0}
.two,.three{display:grid;gap:clamp(2.5rem,5vw,4rem);grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr))}
.three{gap:2rem clamp(1.5rem,4vw,3rem);grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr))}
ul{list-style:none;margin:1.5rem 0 0;padding:0}
.rows li{padding:.9rem 0;border-top:1px solid var(--line)}
.three li{padding-top:1rem;border-top:2px solid var(--ink)}
li b{display:block;font-weight:650}
li span{color:var(--soft)}
.text a{color:inherit;text-underline-offset:.25em}
.scroll{overflow-x:auto;margin:3.5rem 0 2rem}
table{border-collapse:collapse;width:100%;text-align:left}
caption{text-align:left;font-size:.875rem;color:var(--soft);padding-bottom:.5rem}
th,td{padding:.75rem 1.5rem .75rem 0;border-top:1px solid var(--line);vertical-align:top;white-space:nowrap}
thead th{font-size:.875rem;font-weight:400;color:var(--soft);border:0}
code{font:.9375em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{margin-top:clamp(3rem,8vw,6rem);padding-block:1.5rem 3rem;font-size:.875rem;color:var(--soft)}
footer p{max-width:44rem;border-top:1px solid var(--line);padding-top:1.5rem}
@media print{header nav,header a:not(.brand),form,.acts .in{display:none}body{background:none;font-size:10pt}.card,li,tr{break-inside:avoid}.go{flex:99 1 12rem;background:none;color:inherit}.go::after{content:attr(href);font-weight:400}section{margin-top:2rem}.hero{padding:0 0 1.5rem}h1{font-size:24pt}}`;

/** The whole style sheet, with the accents of these regions as classes `r-<code>`. Nothing in it is fetched from anywhere. */
export function styleSheet(regions: readonly Region[]): string {
  const [light, dark] = [CARD.light, CARD.dark].map((ground) =>
    regions.map((region) => accentOn(ground, region)).join(''),
  );
  return `${SHEET.replaceAll('\n', '')}${light}@media (prefers-color-scheme:dark){${dark}}`;
}

function accentOn(ground: Colour, { code, accent }: Region): string {
  const colour = legible(accent, ground);
  return `.r-${code}{--accent:${colour};--on:${inkOn(colour)}}`;
}
