import './trusted-types.js';
import './styles/base.js';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './fragment.js';
import { firstLanguage } from './i18n/language.js';
import { readyFor } from './pages.js';

/** Who waits no longer than that sees the page and nothing before it. */
const UNSEEN_MS = 300;

// A page that the browser kept for its back button may show what belongs to a session that is over.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

const root = createRoot(document.getElementById('root')!);

// Not awaited here: parts of the page import what stands in this file's chunk, and would wait for it.
void begin();

async function begin(): Promise<void> {
  const unseen = new Promise((resolve) => setTimeout(resolve, UNSEEN_MS));
  await Promise.race([readyFor(location.pathname, firstLanguage()), unseen]);
  // As a transition, React takes what is there already without drawing a wait for it, which it would keep for a third of a second.
  startTransition(() => root.render(<App />));
}
