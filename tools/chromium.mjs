/** Where the browser of the browser tests and the screenshots comes from: the machine's own Chromium; none is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** One sentence for who has none. */
export const HOW_TO_GET_CHROMIUM =
  'The browser tests need Chromium and found none on the path; "apt-get install chromium" brings it.';

/** Path of the Chromium (or Chrome) of this machine: Debian's, else the first on the path; undefined when there is none. */
export function findChromium() {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter).filter(Boolean)];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(runs);
}

function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
