/** Where the browsers of the browser tests and the screenshots come from: the machine's own Chromium; none is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const SHELL_NAMES = ['chromium-headless-shell', 'chrome-headless-shell'];

/** One sentence for who has none. */
export const HOW_TO_GET_CHROMIUM =
  'The browser tests need Chromium and found none on the path; "apt-get install chromium chromium-headless-shell" brings it.';

/** Path of the Chromium (or Chrome) of this machine: Debian's, else the first on the path; undefined when there is none. */
export function findChromium() {
  return find(NAMES);
}

/**
 * The same engine without windows, settings and profiles: what a page sees is the same, and a visit takes a quarter of the CPU. Undefined
 * where the machine has none; {@link findChromium} does everything it does.
 */
export function findHeadlessShell() {
  return find(SHELL_NAMES);
}

function find(names) {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter).filter(Boolean)];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(runs);
}

function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
