import { type Html, html } from './html.js';
import { forgetting, page, type Setting } from './page.js';
import { WORDS } from './words.js';

/** "Which region am I in?", answered without asking for anything: there is nobody here who could look it up. */
export function whichPage(setting: Setting): string {
  const { regions, language, remembered } = setting;
  const { which: words } = WORDS[language];
  const rows = regions.map(
    ({ code, name, origins }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>Domicile ${name}</td>
        <td><a href="${origins.customer}">${new URL(origins.customer).host}</a></td>
        <td><code>acct_${code}_</code></td>
      </tr>`,
  );
  const browser = remembered
    ? html`<span>${words.browserKnows(remembered.name)}</span>${forgetting(language)}`
    : html`<span>${words.browserKnowsNothing}</span>`;
  const main = html`<div class="hero">
      <h1>${words.heading}</h1>
      <p class="lead">${words.lead}</p>
    </div>
    <ul class="three">
      ${[words.mail, words.address, words.id].map(({ lead, text }) => item(lead, html`<span>${text}</span>`))}
      ${item(words.browser, browser)}
    </ul>
    <div class="scroll text" tabindex="0" role="region" aria-label="${words.table.caption}">
      <table>
        <caption>
          ${words.table.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.table.region}</th>
            <th scope="col">${words.table.sender}</th>
            <th scope="col">${words.table.address}</th>
            <th scope="col">${words.table.id}</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p class="text"><a href="/${language}">${words.toRegions}</a></p>`;
  return page(setting, { title: words.title, path: '/which', main });
}

function item(lead: string, rest: Html): Html {
  return html`<li><b>${lead}</b> ${rest}</li>`;
}
