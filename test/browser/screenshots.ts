import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { settled, THEMES, WIDTHS } from './support/axe.js';
import { Scene } from './support/scene.js';
import { smallPng } from './support/small-png.js';

const FOLDER = join(import.meta.dirname, '../../docs/screenshots');
/** What is looked at is the top of a page; a long one is cut there. */
const HEIGHT = 720;
const HEIGHT_MAX = 1200;

/** Every page, by the name of its file; adding one is a line. Each says how to get there. */
const PAGES: Readonly<Record<string, (scene: Scene) => Promise<Page>>> = {
  'front-door': (scene) => scene.atFrontDoor('/en'),
  'front-door-german': (scene) => scene.atFrontDoor('/de'),
  'front-door-which': (scene) => scene.atFrontDoor('/en/which'),
  'sign-up': (scene) => scene.asNobody('/sign-up'),
  'sign-up-german': (scene) => scene.asNobody('/sign-up', { language: 'de-DE' }),
  confirm: (scene) => scene.atConfirmation(),
  'sign-in': (scene) => scene.asNobody('/sign-in'),
  'sign-in-other-region': (scene) => scene.asNobody('/sign-in', { code: scene.other }),
  'second-step': (scene) => scene.atSecondStep(),
  'provider-sign-in': (scene) => scene.atProviderSignIn(),
  recover: (scene) => scene.asNobody('/recover'),
  'recover-code': (scene) => scene.atRecovery(),
  address: (scene) => scene.atNewAddress(),
  'link-incomplete': (scene) => scene.asNobody('/undo'),
  privacy: (scene) => scene.asNobody('/privacy'),
  'not-found': (scene) => scene.asOwner('/me/nothing-here'),
  elsewhere: (scene) => scene.atAnAccountOf(scene.other),
  refused: (scene) => scene.atAnAccountOf(scene.code),
  choice: (scene) => scene.asGuest('/'),
  invitation: (scene) => scene.atInvitation(),
  consent: (scene) => scene.atConsent(),
  overview: (scene) => scene.asOwner('/a/:account'),
  people: (scene) => scene.asOwner('/a/:account/people'),
  residency: (scene) => scene.asOwner('/a/:account/residency'),
  'residency-no': (scene) => scene.atBrokenHome('/a/:account/residency'),
  billing: (scene) => scene.asOwner('/a/:account/billing'),
  tokens: (scene) => scene.asOwner('/a/:account/tokens'),
  log: (scene) => scene.asOwner('/a/:account/log'),
  settings: (scene) => scene.asOwner('/a/:account/settings'),
  security: (scene) => scene.asOwner('/me/security'),
  sessions: (scene) => scene.asOwner('/me/sessions'),
  profile: (scene) => scene.asOwner('/me/profile'),
  'own-log': (scene) => scene.asOwner('/me/log'),
  preferences: (scene) => scene.asOwner('/me/preferences'),
};

/** Writes the named pages, or all of them; prints a line a page and the size of the folder. @throws Error where one cannot be reached */
export async function takeScreenshots(names: readonly string[]): Promise<void> {
  const chosen = Object.entries(PAGES).filter(([name]) => names.length === 0 || names.includes(name));
  if (names.length === 0) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const missing: string[] = [];
  const scene = await Scene.set();
  try {
    for (const [name, reach] of chosen) {
      try {
        await take(name, await reach(scene));
        process.stdout.write(`  ${name}\n`);
      } catch (error) {
        missing.push(name);
        process.stderr.write(`  ${name} could not be taken: ${(error as Error).message.split('\n')[0]}\n`);
      }
      await scene.clear();
    }
  } finally {
    await scene.close();
  }
  const bytes = readdirSync(FOLDER).reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
  process.stdout.write(`${readdirSync(FOLDER).length} files, ${(bytes / 1_000_000).toFixed(2)} MB\n`);
  if (missing.length > 0) throw new Error(`Not taken: ${missing.join(', ')}.`);
}

async function take(name: string, page: Page): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    // The window is as high as the picture: what has the window's height is shown whole.
    await page.setViewportSize({ width, height: Math.min(HEIGHT_MAX, whole) });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      const png = await page.screenshot({ animations: 'disabled' });
      writeFileSync(join(FOLDER, `${name}-${colorScheme}-${width}.png`), smallPng(png));
    }
  }
}
