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
  const region = Regions.load(settings.regionsFile, settings.port).get(code);
  print(receiptKeyHistory(keysDirOf(settings, region.code), region.code));
  return Promise.resolve(0);
}

/**
 * `domicile keys rotate`: makes the next receipt key of the region and prints what to pin. The API signs with it from its next start
 * on, which needs the pin; the key before stays valid for a day.
 * @returns the exit code
 * @throws as {@link publicKeys}
 */
export function rotateKeys(settings: CliSettings, { region: code }: { region: string }): Promise<number> {
  const region = Regions.load(settings.regionsFile, settings.port).get(code);
  receiptKeyHistory(keysDirOf(settings, region.code), region.code);
  print(rotateReceiptKey(keysDirOf(settings, region.code), region.code));
  return Promise.resolve(0);
}

function print(pins: unknown): void {
  process.stdout.write(`${JSON.stringify(pins, null, 2)}\n`);
}
