import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Id, IdCodec, type Region, SecretCodec, sameHash } from '@domicile/residency';
import fc from 'fast-check';
import { Statement } from '../../libs/residency/src/statement.js';
import { Table } from '../../libs/residency/src/table.js';
import { base32Length, decodeBase32, encodeBase32 } from '../../libs/residency/src/base32.js';
import { complaint, refusal } from '../support/core.js';
import { eu, regions, us } from '../support/databases.js';

const ids = new IdCodec(regions);
const secrets = new SecretCodec(ids, { sst: 'sess', ekt: 'enrol' });
const bytesOf = (id: string): Buffer => Buffer.from(decodeBase32(id.slice(-26), 16)!);
const textOf = (prefix: string, code: string, bytes: Uint8Array): string => `${prefix}_${code}_${encodeBase32(bytes)}`;
const uuidOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const region = fc.constantFrom<Region>(eu, us);
const other = (home: Region): Region => (home === eu ? us : eu);
const prefix = fc.constantFrom('acct', 'note', 'thing', 'pers', 'abcdefgh', 'zz');
const anyCharacter = fc.oneof(
  fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCZ_- .\n%\u0130\u0430'),
  fc.string({ minLength: 1, maxLength: 1 }),
);

/** A character of the text replaced, one left out, or one put in. */
const edited = (text: string) =>
  fc
    .tuple(fc.nat(text.length - 1), anyCharacter, fc.constantFrom(0, 1, 2))
    .map(
      ([at, c, kind]) =>
        [
          text.slice(0, at) + c + text.slice(at + 1),
          text.slice(0, at) + text.slice(at + 1),
          text.slice(0, at) + c + text.slice(at),
        ][kind]!,
    )
    .filter((changed) => changed !== text);

describe('L1 an id', () => {
  it('says its region in its text and in its bytes', () => {
    fc.assert(
      fc.property(region, prefix, (home, kind) => {
        const id = ids.mint(kind, home);
        const bytes = bytesOf(id);
        expect(id).toMatch(new RegExp(`^${kind}_${home.code}_[0-7][0-9a-hjkmnp-tv-z]{25}$`));
        expect(((bytes[8]! & 0x3f) << 4) | (bytes[9]! >> 4)).toBe(home.number);
        expect(ids.parse(id)).toEqual({ prefix: kind, region: home });
      }),
    );
  });

  it('is a UUIDv8 of RFC 9562: version 8, variant 10, its time in the first 48 bits', () => {
    for (let i = 0; i < 500; i++) {
      const before = Date.now();
      const uuid = ids.encode(ids.mint('acct', us), 'acct', us);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const time = parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThan(Date.now() + 50);
    }
  });

  it('comes back from its stored form as the very same text, and from there as the very same bytes', () => {
    fc.assert(
      fc.property(region, prefix, fc.uint8Array({ minLength: 16, maxLength: 16 }), (home, kind, noise) => {
        const bytes = Buffer.from(noise);
        bytes[6] = 0x80 | (bytes[6]! & 15);
        bytes[8] = 0x80 | (home.number >> 4);
        bytes[9] = ((home.number & 15) << 4) | (bytes[9]! & 15);
        const id = ids.decode(uuidOf(bytes), kind, home);
        expect(id).toBe(textOf(kind, home.code, bytes));
        expect(ids.encode(id, kind, home)).toBe(uuidOf(bytes));
      }),
    );
  });

  it('is never read as another region or kind after any one change of its text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(region, prefix).chain(([home, kind]) => {
          const id = ids.mint(kind, home);
          return fc.tuple(fc.constant(home), fc.constant(kind), fc.constant(id), edited(id));
        }),
        async ([home, kind, id, changed]) => {
          const parsed = ids.parse(changed);
          if (parsed) expect(parsed.region).toBe(home);
          expect(await refusal(() => ids.encode(changed, kind, other(home)))).toBe('crossing');
          // At home a changed text is either refused or names another row of the same region, under one spelling only.
          if ((await refusal(() => ids.encode(changed, kind, home))) === 'crossing') return;
          expect(ids.decode(ids.encode(changed, kind, home), kind, home)).toBe(changed);
          expect(changed).not.toBe(id);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is refused at home after any one bit of its region, version or variant was flipped', async () => {
    for (const home of [eu, us])
      for (const [byte, bits] of [
        [6, [4, 5, 6, 7]],
        [8, [0, 1, 2, 3, 4, 5, 6, 7]],
        [9, [4, 5, 6, 7]],
      ] as const)
        for (const bit of bits) {
          const bytes = bytesOf(ids.mint('acct', home));
          bytes[byte]! ^= 1 << bit;
          const text = textOf('acct', home.code, bytes);
          expect(ids.parse(text)).toBeNull();
          expect(await refusal(() => ids.encode(text, 'acct', home))).toBe('crossing');
          expect(await refusal(() => ids.decode(uuidOf(bytes), 'acct', home))).toBe('crossing');
        }
  });

  it('keeps its region whatever one byte of it is changed to', () => {
    fc.assert(
      fc.property(region, fc.nat(15), fc.nat(255), (home, at, byte) => {
        const bytes = bytesOf(ids.mint('acct', home));
        bytes[at] = byte;
        expect(ids.parse(textOf('acct', other(home).code, bytes))?.region).not.toBe(home);
        const parsed = ids.parse(textOf('acct', home.code, bytes));
        expect([undefined, home]).toContain(parsed?.region);
      }),
    );
  });

  it('is refused when its code says one region and its bytes the other', async () => {
    for (const home of [eu, us]) {
      const swapped = ids.mint('acct', home).replace(`_${home.code}_`, `_${other(home).code}_`);
      expect(ids.parse(swapped)).toBeNull();
      for (const at of [eu, us]) expect(await refusal(() => ids.encode(swapped, 'acct', at))).toBe('crossing');
    }
  });

  it('is refused under the prefix of another kind, and in the other region', async () => {
    const id = ids.mint('acct', eu);
    expect(await refusal(() => ids.encode(id, 'note', eu))).toBe('crossing');
    expect(await refusal(() => ids.encode(id, 'acc', eu))).toBe('crossing');
    expect(await refusal(() => ids.encode(id, 'acct', us))).toBe('crossing');
    expect(await refusal(() => ids.decode(ids.encode(id, 'acct', eu), 'acct', us))).toBe('crossing');
    expect(await complaint(() => ids.encode(id, 'acct', us))).not.toContain(id.slice(-26));
  });

  it.each([undefined, null, 7, {}, ['acct_eu_00000000000000000000000000'], Symbol.iterator])(
    'is refused as a crossing when it is no text: %p',
    async (no) => {
      expect(await refusal(() => ids.encode(no as never, 'acct', eu))).toBe('crossing');
    },
  );

  it('of no known region, or in another spelling, is no id', () => {
    const id = ids.mint('acct', eu);
    const strange = [
      id.toUpperCase(),
      ` ${id}`,
      `${id}\n`,
      `${id}0`,
      id.slice(0, -1),
      id.replace('_eu_', '_xx_'),
      id.replaceAll('_', '-'),
      id.replace('_eu_', '_eu__'),
      '',
    ];
    for (const text of [...strange, id.replace(/.$/, 'u'), id.replace(/.$/, 'l'), id.replace(/_(.)(.{25})$/, '_8$2')])
      expect(ids.parse(text)).toBeNull();
  });

  it('sorts by the time of its making, ten thousand of them in a row, text and bytes alike', () => {
    const made = Array.from({ length: 10_000 }, () => ids.mint('acct', eu));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    const stored = made.map((id) => ids.encode(id, 'acct', eu));
    expect([...stored].sort()).toEqual(stored);
  });
});

describe('L1 an account', () => {
  it('has no verb that could move it: six verbs, and a statement only reads and runs', () => {
    const verbs = (c: abstract new (...args: never[]) => object): string[] =>
      Object.getOwnPropertyNames(c.prototype).filter((n) => n !== 'constructor');
    expect(verbs(Table).sort()).toEqual(['erase', 'find', 'get', 'insert', 'list', 'update']);
    expect(verbs(Statement).sort()).toEqual(['all', 'one', 'run']);
  });
});

describe('L1 a secret', () => {
  const minted = (home: Region) => {
    const row = ids.mint('sess', home);
    return { row, ...secrets.mint('sst', home, row) };
  };

  it('says its region and its row, and hashes to what was stored', () => {
    for (const home of [eu, us]) {
      const { row, text, hash } = minted(home);
      expect(secrets.parse(text)).toEqual({ prefix: 'sst', region: home, id: row, hash });
      expect(hash).toEqual(createHash('sha256').update(text).digest());
      expect(sameHash(hash, Buffer.from(hash))).toBe(true);
      expect(sameHash(hash, minted(home).hash)).toBe(false);
      expect(sameHash(hash, hash.subarray(1))).toBe(false);
    }
  });

  it('is refused after any one character of it was changed, left out or added', () => {
    const { text } = minted(eu);
    for (let at = 0; at < text.length; at++)
      for (const c of '0123456789abcdefghjkmnpqrstvwxyz_ilouA')
        if (c !== text[at]) expect(secrets.parse(text.slice(0, at) + c + text.slice(at + 1))).toBeNull();
    fc.assert(
      fc.property(edited(text), (changed) => expect(secrets.parse(changed)).toBeNull()),
      { numRuns: 2_000 },
    );
  });

  it('is refused when only its kind, its region or its row is exchanged: the checksum covers them all', () => {
    const [one, two, abroad] = [minted(eu), minted(eu), minted(us)];
    const cut = 'sst_eu_'.length + 26;
    expect(secrets.parse(one.text.replace('sst_', 'ekt_'))).toBeNull();
    expect(secrets.parse(one.text.replace('_eu_', '_us_'))).toBeNull();
    expect(secrets.parse(two.text.slice(0, cut) + one.text.slice(cut))).toBeNull();
    expect(secrets.parse(abroad.text.slice(0, cut) + one.text.slice(cut))).toBeNull();
  });

  it('is not minted for a row of the other region, of another kind, or of a kind nobody declared', async () => {
    expect(await refusal(() => secrets.mint('sst', eu, ids.mint('sess', us)))).toBe('crossing');
    expect(await refusal(() => secrets.mint('sst', us, ids.mint('sess', eu)))).toBe('crossing');
    expect(await refusal(() => secrets.mint('sst', eu, ids.mint('acct', eu) as Id))).toBe('crossing');
    expect(await refusal(() => secrets.mint('abc', eu, ids.mint('sess', eu)))).toBe('configuration_invalid');
    for (const kind of ['constructor', '__proto__', 'toString'])
      expect(await refusal(() => secrets.mint(kind, eu, ids.mint('sess', eu)))).not.toContain('not refused');
  });

  it('is refused when its checksum is right and its random part no 256 bits', () => {
    const sealed = (body: string): string => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc32(body));
      return body + encodeBase32(bytes);
    };
    const body = minted(eu).text.slice(0, -base32Length(4));
    expect(secrets.parse(sealed(body))).not.toBeNull();
    for (const random of ['z'.repeat(52), `${'0'.repeat(51)}u`, `${'0'.repeat(51)}l`])
      expect(secrets.parse(sealed(body.slice(0, -52) + random))).toBeNull();
  });

  it('is never found in noise', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(secrets.parse(text)).toBeNull()));
    expect(secrets.parse(minted(eu).text.toUpperCase())).toBeNull();
  });
});

describe('base32', () => {
  it('gives every value one spelling and takes back no other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = encodeBase32(bytes);
        expect(text).toHaveLength(base32Length(bytes.length));
        expect(decodeBase32(text, bytes.length)).toEqual(new Uint8Array(bytes));
        expect(decodeBase32(text, bytes.length + 5)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'), { minLength: 26, maxLength: 26 }),
        (characters) => {
          const text = characters.join('');
          const bytes = decodeBase32(text, 16);
          expect(bytes === null ? text[0]! > '7' : encodeBase32(bytes) === text).toBe(true);
        },
      ),
    );
  });
});
