/**
 * What a mailed link carries behind `#`: it never reached a server. Read once, as the page is loaded, and taken out of the address bar, so
 * that neither the history nor a shared address holds a code.
 */
export const fragment: Readonly<Record<string, string>> = Object.fromEntries(
  new URLSearchParams(location.hash.slice(1)),
);

/** What another program sent a person back with, in the query of an address; taken out of the address bar likewise. */
export const query: Readonly<Record<string, string>> = Object.fromEntries(new URLSearchParams(location.search));

// Another link, opened in the same tab, loads nothing by itself. Names of places on the page carry nothing.
addEventListener('hashchange', () => location.hash.includes('=') && location.reload());

if (location.hash + location.search !== '') history.replaceState(history.state, '', location.pathname);
