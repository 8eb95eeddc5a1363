/**
 * `npm run screenshots`: writes every page of the web to `docs/screenshots/`, from a real installation that is made for it and removed.
 * `-- name …` takes those alone. The servers are those of the tests.
 */
import globalSetup from '../support/global-setup.mjs';
import globalTeardown from '../support/global-teardown.mjs';

await globalSetup();
try {
  const { takeScreenshots } = await import('./screenshots.ts');
  await takeScreenshots(process.argv.slice(2));
} finally {
  await globalTeardown();
}
