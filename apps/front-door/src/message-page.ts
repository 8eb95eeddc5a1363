import { CATALOGUE } from './catalogue.js';
import { html } from './html.js';
import { page, type Setting } from './page.js';
import { type Message, WORDS } from './words.js';

/** A refusal or a fault for people; a code that has no words of its own is a fault. */
export function messagePage(setting: Setting, code: string): string {
  const { messages, toFront, which } = WORDS[setting.language];
  const known: Readonly<Record<string, Message>> = messages;
  const isMissing = CATALOGUE[code]?.status === 404;
  const { title, text } = known[code] ?? messages[isMissing ? 'page.not_found' : 'fault'];
  const main = html`<div class="hero">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
    </div>
    <p class="text">
      <a href="/${setting.language}">${toFront}</a> · <a href="/${setting.language}/which">${which.link}</a>
    </p>`;
  return page(setting, { title: `${title} Domicile`, path: '', main });
}
