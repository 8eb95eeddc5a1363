import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { residency as words } from '../../apps/web/src/i18n/en/residency.js';
import type { Member } from '../support/api.js';
import { pinsIn, receiptIn, verified } from '../support/receipts.js';
import { BUDGETS } from './support/speed.js';
import { stage } from './support/stage.js';
import { axe } from './support/steps.js';
import type { Visitor } from './support/visitor.js';

const on = stage();
const RECEIPT = /\/v1\/accounts\/[^/]+\/residency$/;

const verdict = (page: Page, name: RegExp): Promise<void> =>
  page.locator('.verdict').getByRole('heading', { level: 2, name }).waitFor();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const outcomes = (page: Page): Promise<string[]> =>
  page.locator('[data-check]').evaluateAll((all) => all.map((each) => each.getAttribute('data-check') ?? ''));

/** Has the browser get another body than the API gave. */
async function tamper(
  visitor: Visitor,
  { account, session }: Member,
  change: (envelope: { payload: string; signatures: { sig: string }[] }) => void,
): Promise<void> {
  const genuine = await on().api.ask('eu', `/v1/accounts/${account.id}/residency`, { token: session.token });
  const envelope = genuine.json<Parameters<typeof change>[0]>();
  change(envelope);
  await visitor.context.route(RECEIPT, (route) => route.fulfill({ json: envelope }));
}

describe.each(['eu', 'us'])('the receipt of an account in %s', (code) => {
  it('holds, checked by the browser itself, and is downloaded byte for byte', async () => {
    const { member, visitor } = await on().signedIn(code);
    const { page } = visitor;
    const answered = page.waitForResponse((response) => RECEIPT.test(new URL(response.url()).pathname));
    await visitor.open(`/a/${member.account.id}/residency`);
    const bytes = await (await answered).body();
    await verdict(page, /^Your data is where you chose it to be/);
    expect(new Set(await outcomes(page))).toEqual(new Set(['yes']));
    const { signatures } = JSON.parse(bytes.toString()) as { signatures: { keyid: string }[] };
    expect(await page.getByTestId('fingerprint').textContent()).toBe(signatures[0]!.keyid);
    await on().api.ask(code, '/v1/recoveries', { json: { email: member.person.email } });
    const { text } = await on().mailTo(code, member.person.email);
    expect(text).toContain(signatures[0]!.keyid);
    // Every table has words: none is called by its name.
    const rows = await page.locator('[data-table] th').allInnerTexts();
    expect(rows.length).toBeGreaterThan(5);
    const { account, attested, topology, issuer } = receiptIn(JSON.parse(bytes.toString()) as { payload: string });
    // What was measured, and what somebody says, each under its own heading; and the place with its law and its owner.
    const part = (name: string): Promise<string> => page.getByRole('region', { name, exact: true }).innerText();
    const place = await part(words.place.title);
    for (const fact of [
      issuer.name,
      issuer.jurisdiction,
      issuer.owner.name,
      topology === 'separate' ? words.place.separate : words.place.combined,
    ])
      expect(place).toContain(fact);
    const [measurements, attestations] = [await part(words.facts.measured), await part(words.facts.attested)];
    expect(attested.length).toBeGreaterThan(0);
    for (const { value } of attested) {
      expect(attestations).toContain(value);
      expect(measurements).not.toContain(value);
    }
    const shown = await page.getByRole('region', { name: 'What is there' }).innerText();
    const told = shown
      .split('\n')
      .filter((line) => !/^[a-z_]+$/.test(line))
      .join('\n');
    for (const table of [...account.rows.map((each) => each.table), ...account.notCounted])
      expect(told.split(/[\s,.:]+/).filter((word) => word === table && word.includes('_'))).toEqual([]);
    const downloading = page.waitForEvent('download');
    await button(page, 'Download the receipt').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^residency-acct_.*\.json$/);
    const file = readFileSync(await download.path());
    expect(file.equals(bytes)).toBe(true);
    expect(verified(file.toString(), pinsIn(on().installation.regionsFile)).code).toBe(0);
    expect(visitor.scriptBytes).toBeLessThanOrEqual(BUDGETS.accountArea);
    await visitor.measure(`${code} /a/…/residency`);
    await axe(code, visitor);
  });

  it('says no where a row is not at home, with what fails, and yes once it is back', async () => {
    const { member, visitor } = await on().signedIn(code);
    const { page } = visitor;
    const [own, other] = code === 'eu' ? ['-801', '-802'] : ['-802', '-801'];
    const { database } = on().installation.site(code);
    await visitor.open(`/a/${member.account.id}/residency`);
    await verdict(page, /where you chose it/);
    await database.sql('superuser', 'alter table affiliation drop constraint affiliation_id_home');
    try {
      await database.sql('superuser', `update affiliation set id = replace(id::text, '${own}', '${other}')::uuid`);
      await button(page, 'Measure again').click();
      await verdict(page, /does NOT hold/);
      await page.getByText('There are rows with ids of another region, or none at all').first().waitFor();
      await page.locator('[data-table="affiliation"]').getByText('only 0 of 1').waitFor();
      // It is genuine all the same: the region itself says no.
      expect(new Set(await outcomes(page))).toEqual(new Set(['yes']));
      await axe(code, visitor);
    } finally {
      await database.sql('superuser', `update affiliation set id = replace(id::text, '${other}', '${own}')::uuid`);
      await database.sql(
        'superuser',
        'alter table affiliation add constraint affiliation_id_home check (residency.region_of(id) = residency.region())',
      );
    }
    const undo = await visitor.apiIsAway('/v1/accounts/*/residency');
    await button(page, 'Measure again').click();
    await page.getByText('The server cannot be reached').waitFor();
    // What it said before stays, with the time of that; and who presses by keyboard is still at the button.
    await verdict(page, /does NOT hold/);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Measure again');
    await undo();
    await button(page, 'Try again').click();
    await verdict(page, /where you chose it/);
    await page.getByText('The server cannot be reached').waitFor({ state: 'hidden' });
  });
});

describe('a receipt that is not what the region signed', () => {
  it.each([
    ['a changed byte', (body: Buffer) => Buffer.from(body.toString().replace('"holds":false', '"holds":true '))],
    ['another count', (body: Buffer) => Buffer.from(body.toString().replace('"rows":1', '"rows":7'))],
    ['one more blank', (body: Buffer) => Buffer.concat([body, Buffer.from(' ')])],
  ])('is refused with %s, and nothing of it is shown', async (what, change) => {
    const { member, visitor } = await on().signedIn('eu');
    await tamper(visitor, member, (envelope) => {
      const body = Buffer.from(envelope.payload, 'base64');
      const changed = change(body);
      envelope.payload = (changed.equals(body) ? Buffer.concat([body, Buffer.from('\n')]) : changed).toString('base64');
    });
    const page = await visitor.open(`/a/${member.account.id}/residency`);
    await verdict(page, /not to be trusted/);
    expect(await outcomes(page)).toEqual(['yes', 'yes', 'yes', 'no', 'open', 'open', 'open', 'open']);
    expect(await page.getByRole('heading', { name: 'What is there' }).count()).toBe(0);
    if (what === 'a changed byte') await visitor.axe();
  });

  it('is refused when it is a genuine one of another account, or signed by a key that is not pinned', async () => {
    const { member, visitor } = await on().signedIn('eu');
    const other = await on().api.member('eu');
    const theirs = await on().api.ask('eu', `/v1/accounts/${other.account.id}/residency`, {
      token: other.session.token,
    });
    await visitor.context.route(RECEIPT, (route) => route.fulfill({ status: 200, body: theirs.text }));
    const page = await visitor.open(`/a/${member.account.id}/residency`);
    await verdict(page, /not to be trusted/);
    expect(await outcomes(page)).toEqual(['yes', 'yes', 'yes', 'yes', 'yes', 'no', 'open', 'open']);
    await visitor.context.unroute(RECEIPT);
    const foreign = await on().api.member('us');
    const abroad = await on().api.ask('us', `/v1/accounts/${foreign.account.id}/residency`, {
      token: foreign.session.token,
    });
    await visitor.context.route(RECEIPT, (route) => route.fulfill({ status: 200, body: abroad.text }));
    await button(page, 'Measure again').click();
    await page.locator('[data-check="no"]').nth(0).waitFor();
    await page.getByText('The key that it names is one that this region has published – Does not hold').waitFor();
  });

  it('is called neither good nor bad where the browser cannot compute signatures', async () => {
    const { member, visitor } = await on().signedIn('eu');
    await visitor.context.addInitScript(() => {
      const known = SubtleCrypto.prototype.importKey as (...args: unknown[]) => Promise<CryptoKey>;
      Object.assign(SubtleCrypto.prototype, {
        importKey(this: SubtleCrypto, ...args: unknown[]) {
          const { name } = args[2] as { name?: string };
          if (name === 'Ed25519') return Promise.reject(new DOMException('unknown', 'NotSupportedError'));
          return known.apply(this, args);
        },
      });
    });
    const page = await visitor.open(`/a/${member.account.id}/residency`);
    await verdict(page, /cannot check/);
    await page.getByText('npm run verify-receipt').waitFor();
    expect(await page.getByRole('heading', { name: 'What is there' }).count()).toBe(0);
    await visitor.axe();
  });
});
