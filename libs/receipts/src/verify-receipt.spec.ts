import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Check, IdCodec, receiptKeyId, Regions } from '@domicile/residency';
import { pinsOf, verifyReceipt } from '../../../tools/verify-receipt.mjs';
import { type Envelope, sealEnvelope } from './dsse.js';
import type { ResidencyReceipt } from './receipt.dto.js';
import { RECEIPT_TYPE, residencyReceipt } from './residency-receipt.js';

const AT = new Date('2026-11-05T12:00:00.000Z');
const after = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);
const file = JSON.parse(readFileSync(join(import.meta.dirname, '../../../deploy/regions.json'), 'utf8')) as {
  regions: object[];
};

const keys = file.regions.map(() => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { keyId: receiptKeyId(spki), publicKey: spki.toString('base64'), privateKey };
});
const rows = file.regions.map((row, i) => {
  const { keyId, publicKey } = keys[i]!;
  return {
    ...row,
    receiptKeys: [{ keyId, publicKey, from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' }],
  };
});
const regions = Regions.parse({ regions: rows }, 4000);
const [here, there] = regions.all as [(typeof regions.all)[0], (typeof regions.all)[0]];
const [own, other] = keys as [(typeof keys)[0], (typeof keys)[0]];
const pins = pinsOf({ regions: rows });

function receipt(change: Partial<ResidencyReceipt> = {}, broken: Check | null = null): ResidencyReceipt {
  const checks: Check[] = ['marker', 'role', 'home', 'functions', 'exits'];
  const at = after(-60);
  const made = residencyReceipt({
    region: here,
    issuing: { stack: 'blue', environment: 'test', topology: 'separate' },
    account: new IdCodec(regions).mint('acct', here),
    dataKey: 'key_eu_00000000000000000000000000',
    rows: [{ table: 'account', tie: 'account', rows: 1, home: 1 }],
    notCounted: [],
    identity: { database: 'd', systemIdentifier: '7', epoch: 1, sealedAt: '2026-11-01T00:00:00.000Z' },
    inspection: {
      at,
      findings: checks.map((check) => ({ check, holds: check !== broken, measuredAt: at, detail: `of ${check}` })),
    },
    keyId: own.keyId,
    at: AT,
  });
  return { ...made, ...change };
}

const sealed = (body: unknown, by = own, type = RECEIPT_TYPE): Envelope =>
  sealEnvelope(type, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), by);
const judge = (envelope: unknown, { now = after(1), by = pins } = {}) => {
  const bytes = Buffer.isBuffer(envelope)
    ? envelope
    : Buffer.from(typeof envelope === 'string' ? envelope : JSON.stringify(envelope));
  const { code, lines } = verifyReceipt(bytes, by, now);
  return { code, text: lines.join('\n') };
};
const good = JSON.stringify(sealed(receipt()));

describe('the offline verifier', () => {
  it('says yes to a good receipt, with what was measured and what was attested apart', () => {
    const { code, text } = judge(good);
    expect(code).toBe(0);
    const [measured, attested] = [text.indexOf('Measured by the software'), text.indexOf('Attested by the operator')];
    expect(text.slice(measured, attested)).toContain('yes inspection.home: of home');
    expect(text.slice(measured, attested)).not.toContain(here.dataCentres);
    expect(text.slice(attested)).toContain(here.dataCentres);
    expect(text).toContain('the receipt HOLDS');
    // As people keep it: laid out, with a line feed at the end.
    expect(judge(`${JSON.stringify(JSON.parse(good), null, 2)}\n`).code).toBe(0);
  });

  it('says no, and why, to a good signature under a receipt that does not hold, or has ended', () => {
    const no = judge(sealed(receipt({}, 'home')));
    expect(no).toMatchObject({ code: 1, text: expect.stringMatching(/says NO:\n {2}- inspection\.home: of home$/) });
    expect(judge(good, { now: after(24 * 3600 - 1) }).code).toBe(0);
    expect(judge(good, { now: after(24 * 3600) })).toMatchObject({
      code: 1,
      text: expect.stringContaining('ask for a new one'),
    });
  });

  it('trusts no receipt with one byte changed, whichever', () => {
    const bytes = Buffer.from(good);
    const trusted: string[] = [];
    for (let i = 0; i < bytes.length; i++)
      for (const bits of [1, 32, 128]) {
        const flipped = Buffer.from(bytes);
        flipped[i]! ^= bits;
        if (judge(flipped).code !== 2) trusted.push(`${i} ^ ${bits}`);
      }
    expect(bytes.length).toBeGreaterThan(2_000);
    expect(trusted).toEqual([]);
  }, 60_000);

  it('trusts no receipt that was cut short or has something behind it', () => {
    const trusted = [...good].map((_, i) => good.slice(0, i)).filter((part) => judge(part).code !== 2);
    expect(trusted).toEqual([]);
    for (const more of ['x', '{}', '\0', ',', good]) expect(judge(good + more).code).toBe(2);
  });

  const parsed = JSON.parse(good) as Envelope;
  const [signature] = parsed.signatures as [Envelope['signatures'][0]];
  const withSignatures = (...signatures: unknown[]) => ({ ...parsed, signatures });
  const theirs = sealed(receipt(), other);
  const payload = Buffer.from(parsed.payload, 'base64').toString();

  it.each<[string, unknown, RegExp]>([
    ['the signature of another region’s key', theirs, /another region than the key/],
    [
      'the id of another region’s key',
      withSignatures({ ...signature, keyid: other.keyId }),
      /not by the key that it names/,
    ],
    [
      'keys swapped',
      { ...theirs, signatures: [{ ...theirs.signatures[0], keyid: own.keyId }] },
      /not by the key that it names/,
    ],
    ['a key that nobody pinned', withSignatures({ ...signature, keyid: own.keyId.replace(/.$/, 'x') }), /not pinned/],
    ['no signature', withSignatures(), /exactly one signature/],
    ['a second signature', withSignatures(signature, theirs.signatures[0]), /exactly one signature/],
    ['the same signature twice', withSignatures(signature, signature), /exactly one signature/],
    ['an unknown member in it', withSignatures({ ...signature, alg: 'none' }), /has not the form/],
    ['an unknown member', { ...parsed, note: '' }, /no DSSE envelope/],
    [
      'a signature that is too short',
      withSignatures({ ...signature, sig: Buffer.alloc(63).toString('base64') }),
      /plain base64/,
    ],
    ['another payload type', { ...parsed, payloadType: 'application/json' }, /not of the type/],
    [
      'another type, rightly signed',
      sealed(receipt(), own, 'application/vnd.domicile.certificate+json'),
      /not of the type/,
    ],
    [
      'the payload encoded anew',
      { ...parsed, payload: Buffer.from(JSON.stringify(JSON.parse(payload), null, 1)).toString('base64') },
      /not by the key/,
    ],
    [
      'the payload in URL-safe base64',
      { ...parsed, payload: Buffer.from(`${payload}\u{3f}\u{3ff}`).toString('base64url') },
      /plain base64/,
    ],
    [
      'white space in the base64',
      { ...parsed, payload: `${parsed.payload.slice(0, 8)}\n${parsed.payload.slice(8)}` },
      /plain base64/,
    ],
    ['a list', [parsed], /no DSSE envelope/],
    ['nothing', 'null', /no DSSE envelope/],
    ['a duplicate key', good.replace('{"payloadType"', '{"payload":"e30=","payloadType"'), /plain JSON/],
    ['a duplicate key in its signature', good.replace('{"keyid"', `{"keyid":"${other.keyId}","keyid"`), /plain JSON/],
    ['an escaped character', good.replace('payloadType', '\\u0070ayloadType'), /plain JSON/],
    ['a byte order mark', `\u{feff}${good}`, /plain JSON/],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(good.slice(0, 20)), Buffer.of(0xff), Buffer.from(good.slice(20))]),
      /plain JSON/,
    ],
    ['a megabyte', `${good}${' '.repeat(1_000_000)}`, /too large/],
  ])('trusts none with %s', (_, envelope, words) => {
    expect(judge(envelope)).toMatchObject({ code: 2, text: expect.stringMatching(words) });
    expect(judge(envelope).text).toMatch(/^NOT TO BE TRUSTED: [^\n]+\.$/);
  });

  const alter = (change: (made: ResidencyReceipt) => unknown, broken: Check | null = null): unknown => {
    const made = receipt({}, broken);
    return change(made) ?? made;
  };
  it.each<[string, unknown, RegExp]>([
    ['is no JSON', 'x', /payload is not plain JSON/],
    [
      'has a key twice',
      JSON.stringify(receipt()).replace('"holds":true', '"holds":false,"holds":true'),
      /payload is not plain JSON/,
    ],
    ['is empty', {}, /format that this verifier does not know/],
    ['is of a later format', receipt({ format: 2 }), /format that this verifier does not know/],
    ['lacks its facts', receipt({ measured: undefined as never }), /not a whole receipt/],
    ['has a time in another spelling', receipt({ issuedAt: '2026-11-05' }), /not a whole receipt/],
    ['speaks of another region', alter((made) => void (made.issuer.region = there.code)), /another region/],
    ['speaks of another region’s number', alter((made) => void (made.issuer.number = there.number)), /another region/],
    [
      'speaks of an account elsewhere',
      alter((made) => void (made.account.id = new IdCodec(regions).mint('acct', there))),
      /another region/,
    ],
    ['says yes over a fact that says no', receipt({ holds: true, because: [] }, 'home'), /contradict/],
    ['says no without a reason', receipt({ holds: false }), /contradict/],
    ['says no over facts that all hold', receipt({ holds: false, because: ['x'] }), /contradict/],
    ['hides a reason', alter((made) => ({ ...made, because: [] }), 'home'), /contradict/],
    [
      'says yes with a foreign row',
      alter((made) => void (made.account.rows[0]!.rows = 2)),
      /rows that are not at home/,
    ],
    ['counts more at home than there are', alter((made) => void (made.account.rows[0]!.home = 2)), /counts contradict/],
    ['counts by halves', alter((made) => void (made.account.rows[0]!.home = 0.5)), /not a whole receipt/],
    ['counts nothing', alter((made) => void (made.account.rows = [])), /rows that are not at home/],
    [
      'leaves out a check',
      alter((made) => ({ ...made, measured: made.measured.slice(0, -1) })),
      /without having measured everything/,
    ],
    ['has no database', receipt({ database: null }), /without having measured everything/],
    [
      'rests on an old look',
      alter((made) => void (made.measured.at(-1)!.measuredAt = after(-901).toISOString())),
      /old already/,
    ],
    ['was issued in the future', receipt({ issuedAt: after(400).toISOString() }), /in the future/],
    ['ends before it begins', receipt({ validUntil: AT.toISOString() }), /ends before it begins/],
    ['was issued before its key', receipt({ issuedAt: '2026-10-31T23:59:59.999Z' }), /key was not valid/],
    ['was issued after its key had ended', receipt({ issuedAt: '2026-12-01T00:00:00.000Z' }), /key was not valid/],
  ])('trusts none that is rightly signed but %s', (_, body, words) => {
    expect(judge(sealed(body))).toMatchObject({ code: 2, text: expect.stringMatching(words) });
  });

  it('shows nothing that could move a terminal', () => {
    const made = receipt({ stack: 'a\u{1b}[2J\u{202e}b\nc' });
    const { code, text } = judge(sealed(made));
    expect(code).toBe(0);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('a\u{fffd}[2J\u{fffd}b\u{fffd}c');
  });

  it('takes a saved list of keys, and no list that names a key by another’s fingerprint', () => {
    const { keyId, publicKey } = own;
    const list = { region: here.code, keys: [{ keyId, publicKey, from: '2026-11-01T00:00:00.000Z', sha256: 'x' }] };
    expect(judge(good, { by: pinsOf(list) }).code).toBe(0);
    expect(judge(good, { by: pinsOf({ ...list, region: there.code }) })).toMatchObject({
      code: 2,
      text: expect.stringContaining('another region'),
    });
    expect(judge(good, { by: pinsOf({ region: here.code, keys: [] }) }).code).toBe(2);
    expect(judge(good, { by: pinsOf(file) }).code).toBe(2);
    expect(() => pinsOf({ region: here.code, keys: [{ ...list.keys[0], publicKey: other.publicKey }] })).toThrow(
      /another fingerprint/,
    );
    for (const none of [null, {}, [], { regions: [{}] }, { region: here.code, keys: [{ keyId, publicKey: '' }] }])
      expect(() => pinsOf(none)).toThrow(/file of keys/);
  });
});
