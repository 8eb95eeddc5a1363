/**
 * Verifies a residency receipt offline: no server is asked, and nothing is used but Node itself, so that it can be read in one sitting and
 * carried anywhere. Usage:
 *   npm run verify-receipt -- FILE [--regions FILE] [--keys FILE]
 * The keys are those pinned in the region file: the given one, else $DOMICILE_HOME/regions.json, else .domicile/regions.json (written by
 * npm start), else deploy/regions.json. --keys takes a saved answer of /.well-known/domicile/keys instead; compare its fingerprint with
 * the one in your mails first. Exit code: 0 good and it holds, 1 good and it says no, 2 not to be trusted.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const PAYLOAD_TYPE = 'application/vnd.domicile.residency-receipt+json';
const FORMAT = 1;
const BYTES_MAX = 1_000_000;
const INSPECTION_AGE_MILLISECONDS_MAX = 15 * 60 * 1000;
/** How far the clock here may differ from the region's. */
const CLOCK_SLACK_MILLISECONDS = 5 * 60 * 1000;
/** Facts that a receipt cannot leave out and still say yes. */
const FACTS = ['database.marker', 'account.rows', 'receipt.key', 'inspection.age'].concat(
  ['marker', 'role', 'home', 'functions', 'exits'].map((check) => `inspection.${check}`),
);

class Untrusted extends Error {}
const must = (holds, sentence) => {
  if (!holds) throw new Untrusted(sentence);
};

/** DSSE's pre-authentication encoding (protocol.md). */
export function preAuthenticationEncoding(payloadType, body) {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `), body]);
}

/** Ed25519 (RFC 8032) over those bytes. @param spki public key, DER */
export function verifyBytes(bytes, signature, spki) {
  return verify(null, bytes, createPublicKey({ key: spki, type: 'spki', format: 'der' }), signature);
}

/** `ed25519:` and the first half of the SHA-256 of the key, in groups of four. */
export function keyIdOf(spki) {
  const digits = createHash('sha256').update(spki).digest('hex').slice(0, 32);
  return `ed25519:${digits.match(/.{4}/g).join('-')}`;
}

function isEd25519(spki) {
  try {
    return createPublicKey({ key: spki, type: 'spki', format: 'der' }).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

/**
 * The keys that a region file (or a saved answer of /.well-known/domicile/keys) names, by region.
 * @throws Error in one sentence
 */
export function pinsOf(content) {
  const rows = Array.isArray(content?.regions)
    ? content.regions.map(({ code, number, receiptKeys = [] }) => ({ code, number, keys: receiptKeys }))
    : [{ code: content?.region, keys: content?.keys }];
  return rows.flatMap(({ code, number, keys }) => {
    must(
      typeof code === 'string' && Array.isArray(keys),
      'The file of keys is neither a region file nor a list of keys.',
    );
    return keys.map(({ keyId, publicKey, from, until }) => {
      const spki = Buffer.from(String(publicKey), 'base64');
      must(
        isEd25519(spki) && keyId === keyIdOf(spki),
        'The file of keys names a key by another fingerprint than its own.',
      );
      return { region: code, number, keyId, spki, from, until };
    });
  });
}

/**
 * Judges a receipt. Pure.
 * @param bytes of the file
 * @param pins see pinsOf
 * @param now Date
 * @returns {{ code: 0 | 1 | 2, lines: string[] }} exit code and what to print
 */
export function verifyReceipt(bytes, pins, now) {
  try {
    const { receipt, pin } = opened(bytes, pins);
    checkShape(receipt);
    checkSense(receipt, pin, now);
    const because = [...receipt.because];
    if (Date.parse(receipt.validUntil) <= now.getTime())
      because.push(`validity: it was to be shown until ${receipt.validUntil}; ask for a new one`);
    return { code: because.length === 0 ? 0 : 1, lines: page(receipt, pin, because) };
  } catch (error) {
    if (!(error instanceof Untrusted)) throw error;
    return { code: 2, lines: [`NOT TO BE TRUSTED: ${error.message}`] };
  }
}

/** The payload, once its one signature is proven by a pinned key. Nothing of it is looked at before. */
function opened(bytes, pins) {
  must(bytes.length <= BYTES_MAX, 'the file is too large to be a receipt.');
  const envelope = strictJson(bytes, 'the file is no DSSE envelope in plain JSON.');
  must(hasExactly(envelope, ['payload', 'payloadType', 'signatures']), 'the file is no DSSE envelope.');
  const { payload, payloadType, signatures } = envelope;
  must(payloadType === PAYLOAD_TYPE, 'it is not of the type of a residency receipt.');
  must(Array.isArray(signatures) && signatures.length === 1, 'it must carry exactly one signature.');
  must(hasExactly(signatures[0], ['keyid', 'sig']), 'its signature has not the form of one.');
  const { keyid, sig } = signatures[0];
  const [body, signature] = [base64(payload), base64(sig)];
  must(body && signature?.length === 64, 'its payload or signature is not in plain base64.');
  const pin = pins.find((each) => each.keyId === keyid);
  must(pin, 'the key that it names is not pinned in the file of keys that was used.');
  must(
    verifyBytes(preAuthenticationEncoding(payloadType, body), signature, pin.spki),
    'the signature is not by the key that it names.',
  );
  return { receipt: strictJson(body, 'its payload is not plain JSON.'), pin };
}

/** JSON without duplicate keys, odd escapes or bytes that are no UTF-8: what is read is what everyone reads. */
function strictJson(bytes, sentence) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    // Written again it must be the same, but for white space between the tokens: a duplicate would be gone.
    const bare = text.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
    if (typeof value === 'object' && value !== null && JSON.stringify(value) === bare) return value;
  } catch {
    // Said below, in words that quote nothing.
  }
  throw new Untrusted(sentence);
}

function base64(text) {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : null;
  return bytes && bytes.toString('base64') === text ? bytes : null;
}

function hasExactly(value, names) {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).sort().join() === names.join()
  );
}

function checkShape(receipt) {
  const text = (value) => typeof value === 'string';
  const time = (value) => text(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value;
  const count = (value) => Number.isSafeInteger(value) && value >= 0;
  const list = (value, holds) =>
    Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null && holds(each));
  const { issuer, account, database } = receipt;
  must(receipt.format === FORMAT, 'it is of a format that this verifier does not know; use a newer one.');
  const sound =
    typeof receipt.holds === 'boolean' &&
    Array.isArray(receipt.because) &&
    receipt.because.every(text) &&
    [receipt.issuedAt, receipt.validUntil].every(time) &&
    [receipt.stack, receipt.environment, receipt.topology, account?.id, account?.dataKey].every(text) &&
    [issuer?.region, issuer?.name, issuer?.jurisdiction, issuer?.owner?.name, issuer?.owner?.country].every(text) &&
    (database === null || [database?.database, database?.systemIdentifier, database?.sealedAt].every(text)) &&
    Array.isArray(account.notCounted) &&
    account.notCounted.every(text) &&
    list(account.rows, ({ table, rows, home }) => text(table) && count(rows) && count(home)) &&
    list(
      receipt.measured,
      (each) => text(each.fact) && text(each.value) && typeof each.holds === 'boolean' && time(each.measuredAt),
    ) &&
    list(receipt.attested, (each) => text(each.fact) && text(each.value) && text(each.by));
  must(sound, 'it is signed, but its payload is not a whole receipt.');
}

/** A receipt that contradicts itself or its key is worth nothing, whoever signed it. */
function checkSense(receipt, pin, now) {
  const { issuer, issuedAt, validUntil, measured, account, database, holds, because } = receipt;
  const ofRegion = issuer.region === pin.region && (pin.number === undefined || issuer.number === pin.number);
  must(
    ofRegion && account.id.startsWith(`acct_${pin.region}_`),
    'it speaks of another region than the key that signed it belongs to.',
  );
  must(
    pin.from <= issuedAt && (pin.until === undefined || issuedAt < pin.until),
    'its key was not valid when it was issued.',
  );
  must(
    Date.parse(issuedAt) <= now.getTime() + CLOCK_SLACK_MILLISECONDS,
    'it was issued in the future; check the clock of this machine.',
  );
  must(issuedAt < validUntil, 'it ends before it begins.');
  const broken = measured.filter((each) => !each.holds);
  must(
    holds === (broken.length === 0) && because.length === broken.length,
    'its verdict and its facts contradict each other.',
  );
  must(
    account.rows.every(({ rows, home }) => home <= rows),
    'its counts contradict each other.',
  );
  if (!holds) return;
  const names = measured.map(({ fact }) => fact);
  must(
    FACTS.every((fact) => names.includes(fact)) && database !== null,
    'it says yes without having measured everything.',
  );
  must(
    account.rows.some(({ rows }) => rows > 0) && account.rows.every(({ rows, home }) => home === rows),
    'it says yes with rows that are not at home.',
  );
  const ages = measured.map(({ measuredAt }) => Math.abs(Date.parse(issuedAt) - Date.parse(measuredAt)));
  must(Math.max(...ages) <= INSPECTION_AGE_MILLISECONDS_MAX, 'it says yes by measurements that were old already.');
}

function page(receipt, pin, because) {
  const { issuer, account, database } = receipt;
  const sum = (name) => account.rows.reduce((total, each) => total + each[name], 0);
  const row = (name, value) => `  ${name.padEnd(20)} ${value}`;
  return [
    `Residency receipt of account ${account.id}`,
    row('region', `${issuer.name} (${issuer.region}), ${issuer.jurisdiction}`),
    row('stack', `${receipt.stack}, environment ${receipt.environment}, topology ${receipt.topology}`),
    row('issued', `${receipt.issuedAt}, to be shown until ${receipt.validUntil}`),
    row('signed by', `${pin.keyId}, pinned for region ${pin.region}`),
    row(
      'database',
      database
        ? `${database.database}, server ${database.systemIdentifier}, epoch ${database.epoch}, sealed ${database.sealedAt}`
        : 'not proven',
    ),
    row('sealed under', account.dataKey),
    row('rows', `${sum('rows')}, of which ${sum('home')} have ids of this region alone`),
    ...account.rows.map(({ table, tie, rows, home }) =>
      row(`  ${table}`, `${rows} (${home} at home)${tie === 'people' ? ', of its people' : ''}`),
    ),
    row('not counted', account.notCounted.join(', ') || 'nothing'),
    '',
    'Measured by the software:',
    ...receipt.measured.map(({ fact, value, holds }) => `  ${holds ? 'yes' : 'NO '} ${fact}: ${value}`),
    '',
    'Attested by the operator, which no software can measure:',
    ...receipt.attested.map(({ fact, value, by }) => `      ${fact}: ${value} (says ${by})`),
    '',
    because.length === 0
      ? 'The signature is good, and the receipt HOLDS.'
      : 'The signature is good, and the receipt says NO:',
    ...because.map((reason) => `  - ${reason}`),
  ].map(printable);
}

/** A terminal obeys control characters, and reading order those that turn it round. */
function printable(line) {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

function keyFile({ regions, keys }, env) {
  if (keys ?? regions) return resolve(keys ?? regions);
  if (env.DOMICILE_HOME) return resolve(env.DOMICILE_HOME, 'regions.json');
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const started = join(root, '.domicile', 'regions.json');
  return existsSync(started) ? started : join(root, 'deploy', 'regions.json');
}

function main() {
  const options = { regions: { type: 'string' }, keys: { type: 'string' } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    must(
      positionals.length === 1,
      'Name one file with a receipt: npm run verify-receipt -- FILE [--regions FILE] [--keys FILE].',
    );
    const file = keyFile(values, process.env);
    const pins = pinsOf(JSON.parse(readFileSync(file, 'utf8')));
    const { code, lines } = verifyReceipt(readFileSync(positionals[0]), pins, new Date());
    return { code, lines: [...lines, '', `Keys from ${file}`] };
  } catch (error) {
    const known = error instanceof Untrusted || error.code === 'ENOENT' || error.code?.startsWith('ERR_PARSE_ARGS');
    const why = known ? error.message : 'A file cannot be read as JSON; check both files.';
    return { code: 2, lines: [`NOT TO BE TRUSTED: ${why}`] };
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const { code, lines } = main();
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}
