import type { Region } from '@domicile/residency';
import { type Html, html } from './html.js';
import { forgetting, page, points, type Setting } from './page.js';
import { WORDS } from './words.js';

/** The front page: the regions of the region file side by side, the remembered one first, none of them chosen for anybody. */
export function homePage(setting: Setting): string {
  const { regions, language, remembered } = setting;
  const { home } = WORDS[language];
  const ordered = remembered ? [remembered, ...regions.filter((region) => region !== remembered)] : regions;
  const main = html`<div class="hero">
      <h1>${home.heading}</h1>
      <p class="lead">${home.lead}</p>
    </div>
    <h2 class="hidden" id="regions">${home.regions}</h2>
    ${remembered ? chosen(setting, remembered) : undefined}
    <div class="cards">${ordered.map((region) => card(setting, region))}</div>
    <div class="two">
      <section>
        <h2>${home.stays.heading}</h2>
        ${points(home.stays.points, 'rows')}
      </section>
      <section>
        <h2>${home.leaves.heading}</h2>
        ${points(home.leaves.points, 'rows')}
      </section>
    </div>
    <section>
      <h2>${home.before.heading}</h2>
      ${points(home.before.points, 'three')}
    </section>`;
  return page(setting, { title: home.title, description: home.description, path: '', main });
}

function chosen({ language }: Setting, region: Region): Html {
  return html`<div class="chosen">
    <p>${WORDS[language].remembered.chosen(region.name)}</p>
    ${forgetting(language)}
  </div>`;
}

function card({ language, remembered }: Setting, region: Region): Html {
  const { card: words, remembered: memory } = WORDS[language];
  const { code, name, dataCentres, jurisdiction, owner, origins } = region;
  const country = new Intl.DisplayNames(language, { type: 'region' }).of(owner.country) ?? owner.country;
  const facts = [
    [words.place, dataCentres],
    [words.law, jurisdiction],
    [words.owner, words.ownerIn(owner.name, country)],
    [words.look, words.lookers(owner.name)],
  ] as const;
  const isRemembered = region === remembered;
  const remembering = html`<form action="/${language}/remember/${code}">
    <button aria-label="${words.rememberOf(name)}">${words.remember}</button>
  </form>`;
  return html`<article class="card r-${code}">
    <h3>${name}${isRemembered ? html` <span class="mark">${memory.mark}</span>` : undefined}</h3>
    <dl>
      ${facts.map(
        ([term, fact]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${fact}</dd>
          </div>`,
      )}
    </dl>
    <div class="acts">
      <a class="go" href="${origins.customer}/sign-up">${words.choose(name)}</a>
      <a class="in" href="${origins.customer}/sign-in" aria-label="${words.signInTo(name)}">${words.signIn}</a>
    </div>
    ${isRemembered ? undefined : remembering}
  </article>`;
}
