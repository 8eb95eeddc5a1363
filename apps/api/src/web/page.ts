import type { RegionList } from '../regions.dto.js';
import type { WebBuild } from './web-build.js';

/** What a page is made of. */
export interface PageParts {
  readonly build: WebBuild;
  /** Code of the region whose origin the page has. */
  readonly region: string;
  readonly list: RegionList;
  /** Fresh for each answer. */
  readonly nonce: string;
}

/**
 * The policy of a page: its own scripts and styles, its own API, and nothing else. No inline script or style without the nonce, no form to
 * anywhere else, no frame, no markup made of text (trusted types; `default` is the policy that the page itself makes).
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

/**
 * The one HTML document of the customer's web. It holds public facts alone, the same for everybody: who is signed in, the page asks the API.
 * Its title says nothing of anybody.
 */
export function renderPage({ build, region, list, nonce }: PageParts): string {
  const { script, styles, preloads } = build;
  // JSON in a script element: `<` is written so that no text of a region file can end it.
  const data = JSON.stringify({ region, regions: list.regions }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta property="csp-nonce" nonce="${nonce}">
<title>Domicile</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
${preloads.map((href) => `<link rel="modulepreload" href="${href}">`).join('\n')}
<script type="application/json" id="domicile-page" nonce="${nonce}">${data}</script>
<script type="module" src="${script}" nonce="${nonce}"></script>
</head>
<body>
<div id="root"></div>
<noscript><p>This page needs JavaScript. Everything it does can also be done with the API, which is described at <a href="/docs">/docs</a>.</p></noscript>
</body>
</html>
`;
}
