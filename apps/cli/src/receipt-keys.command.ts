import { receiptKeyHistory, rotateReceiptKey } from '@domicile/receipts';
import { Regions } from '@domicile/residency';
import type { CliSettings } from './cli-settings.js';
import { keysDirOf } from './local/region-setup.js';

/**
 * `domicile receipt-keys`: prints what the region file is to pin as `receiptKeys` of the region, public halves only; `rotate` makes the
 * next key first. The API signs with it from its next start on, which needs the pin; the key before stays valid for a day.
 * @returns the exit code
 * @throws Error in one sentence when the region is unknown or has no receipt key yet: making the first one is for `init`
 */
export function receiptKeys(
  settings: CliSettings,
  { region, action }: { region: string; action: 'public' | 'rotate' },
): Promise<number> {
  const { code } = Regions.load(settings.regionsFile, settings.port).get(region);
  const dir = keysDirOf(settings, code);
  if (receiptKeyHistory(dir).length === 0)
    throw new Error(
      `Region ${code} has no receipt key in ${dir} yet; run "domicile init --region ${code}" or "npm start" first.`,
    );
  const pins = action === 'rotate' ? rotateReceiptKey(dir, code) : receiptKeyHistory(dir);
  process.stdout.write(`${JSON.stringify(pins, null, 2)}\n`);
  return Promise.resolve(0);
}
