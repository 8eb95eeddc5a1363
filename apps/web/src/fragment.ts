/**
 * What a mailed link carries behind `#`: it never reached a server. Read once, as the page is loaded, and taken out of the address bar, so
 * that neither the history nor a shared address holds a code.
 */
export const fragment: Readonly<Record<string, string>> = Object.fromEntries(
  new URLSearchParams(location.hash.slice(1)),
);

// Another link, opened in the same tab, loads nothing by itself. Names of places on the page carry nothing.
addEventListener('hashchange', () => location.hash.includes('=') && location.reload());

if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
