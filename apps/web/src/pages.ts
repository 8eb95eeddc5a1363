import { type ComponentType, createElement, use } from 'react';
import { areaOf, baseOf, type Language } from './i18n/catalogues.js';

/** A page that is loaded when it is gone to. */
export interface LaterPage {
  /** What its path is, or looks like; named groups are its parameters. */
  readonly path: string | RegExp;
  readonly Page: ComponentType;
  /** Begins to load it, once. */
  readonly load: () => Promise<unknown>;
}

function later(path: string | RegExp, load: () => Promise<ComponentType>): LaterPage {
  let page: Promise<ComponentType> | undefined;
  const once = (): Promise<ComponentType> => (page ??= load());
  return { path, load: once, Page: () => createElement(use(once())) };
}

/** Everything behind the sign-in is one page: its parts come and go without each other. */
const AREA = /^\/(?:a\/.+|me(?:\/.*)?)?$/;

/** All pages of the region's origin. */
export const PAGES: readonly LaterPage[] = [
  later('/sign-up', async () => (await import('./way-in/sign-up.js')).SignUp),
  later('/confirm', async () => (await import('./way-in/confirm.js')).Confirm),
  later('/sign-in', async () => (await import('./way-in/sign-in.js')).SignIn),
  later('/provider-callback', async () => (await import('./way-in/provider-callback.js')).ProviderCallback),
  later('/recover', async () => (await import('./way-in/recover.js')).Recover),
  later('/address', async () => (await import('./way-in/address.js')).Address),
  later('/undo', async () => (await import('./way-in/undo.js')).Undo),
  later('/invitations', async () => (await import('./way-in/invitations.js')).Invitations),
  later('/privacy', async () => (await import('./way-in/privacy.js')).Privacy),
  later(/^\/applications\/(?<id>[^/]+)$/, async () => (await import('./way-in/application.js')).Application),
  later(AREA, async () => (await import('./account/area.js')).Area),
];

/** Loads what the page at this path is made of, all at once: drawn after that, it has nothing to wait for. */
export async function readyFor(path: string, language: Language): Promise<void> {
  const page = PAGES.find((each) => (typeof each.path === 'string' ? each.path === path : each.path.test(path)));
  const words = page?.path === AREA ? [baseOf(language), areaOf(language)] : [baseOf(language)];
  // What cannot be loaded is said where it is missed.
  await Promise.allSettled<unknown>([...words, ...(page ? [page.load()] : [])]);
}
