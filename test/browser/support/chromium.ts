import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { findChromium, findHeadlessShell, HOW_TO_GET_CHROMIUM } from '../../../tools/chromium.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What the browser itself would ask somebody for: no name is looked up but those of this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
];

function launchOptions(executablePath: string | undefined) {
  if (executablePath === undefined) throw new Error(HOW_TO_GET_CHROMIUM);
  // Pages are kept for the back button, as in everybody's browser: what survives there is looked at, too.
  return { executablePath, args: FLAGS, ignoreDefaultArgs: ['--disable-back-forward-cache'] };
}

/**
 * A real Chromium without a window: its headless shell where this machine has one, unless a whole one is asked for, which also does what
 * goes on around a page, as asking for its icon. @throws Error in one sentence where this machine has none
 */
export function launchChromium({ whole = false } = {}): Promise<Browser> {
  return chromium.launch(launchOptions((whole ? undefined : findHeadlessShell()) ?? findChromium()));
}

/**
 * One more Chromium, whose person has told it to take no cookies: it refuses those of documents and of answers, and every storage with
 * them, as its settings do. A whole one, as the shell has no settings. Costs a start of a browser; gone with its context.
 */
export async function launchWithoutCookies(options: BrowserContextOptions): Promise<BrowserContext> {
  const profile = mkdtempSync(join(tmpdir(), 'domicile-profile-'));
  mkdirSync(join(profile, 'Default'));
  const refused = {
    profile: { default_content_setting_values: { cookies: 2 }, password_manager_leak_detection: false },
    credentials_enable_service: false,
  };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(refused));
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions(findChromium()), ...options });
  // Its processes may be writing still.
  context.once('close', () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return context;
}
