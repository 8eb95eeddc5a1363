import { receiptKeyHistory, rotateReceiptKey } from '@domicile/receipts';
import { Regions } from '@domicile/residency';
import type { CliSettings } from './cli-settings.js';
import { keysDirOf } from './local/region-setup.js';

/**
 * `domicile keys public`: what the region file is to pin as `receiptKeys` of the region, as JSON. Public halves only.
 * @returns the exit code
 * @throws Error in one sentence when the region is unknown or has no receipt key yet
 */
export function publicKeys(settings: CliSettings, { region: code }: { region: string }): Promise<number> {
  print(receiptKeyHistory(keysDir(settings, code)));
  return Promise.resolve(0);
}

/**
 * `domicile keys rotate`: makes the next receipt key of the region and prints what to pin. The API signs with it from its next start
 * on, which needs the pin; the key before stays valid for a day.
 * @returns the exit code
 * @throws as {@link publicKeys}
 */
export function rotateKeys(settings: CliSettings, { region: code }: { region: string }): Promise<number> {
  print(rotateReceiptKey(keysDir(settings, code), code));
  return Promise.resolve(0);
}

/** The folder of the region's keys, which has a receipt key already: making the first one is for `init`. */
function keysDir(settings: CliSettings, code: string): string {
  const dir = keysDirOf(settings, Regions.load(settings.regionsFile, settings.port).get(code).code);
  if (receiptKeyHistory(dir).length > 0) return dir;
  throw new Error(
    `Region ${code} has no receipt key in ${dir} yet; run "domicile init --region ${code}" or "npm start" first.`,
  );
}

function print(pins: unknown): void {
  process.stdout.write(`${JSON.stringify(pins, null, 2)}\n`);
}
