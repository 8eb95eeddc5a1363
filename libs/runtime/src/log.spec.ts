import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { createEventLog, type EventFields, type EventLog, FIELD_LENGTH_MAX, nestLogger } from './log.js';

const CANARY = 'anna.canary@example.com';

const recorded = (): { log: EventLog; lines: string[] } => {
  const lines: string[] = [];
  return { log: createEventLog({ write: (line) => lines.push(line) }), lines };
};

const FULL: Required<EventFields> = {
  requestId: '0198c2a4-0000-7000-8000-000000000000',
  region: 'eu',
  route: '/v1/regions/:region/signups',
  method: 'POST',
  status: 500,
  milliseconds: 1.5,
  code: 'residency.crossing',
  errorName: 'QueryFailedError',
  table: 'account',
  constraint: 'account_pkey',
  count: 3,
  pid: 1,
  port: 4000,
  topology: 'combined',
  signal: 'SIGTERM',
  attempt: 2,
  item: 'obx_eu_1',
};

describe('the event log', () => {
  it('writes one JSON line with level, time, event and the allowed fields', () => {
    const { log, lines } = recorded();
    log.event('request.fault', FULL, 'warn');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/\n$/);
    const { time, ...line } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(line).toEqual({ level: 'warn', event: 'request.fault', ...FULL });
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(log.dropped).toBe(0);
  });

  it.each<[string, unknown]>([
    ['message', CANARY],
    ['err', new Error(CANARY)],
    ['detail', `Key (email)=(${CANARY}) already exists.`],
    ['url', `/v1/x?email=${CANARY}`],
    ['authorization', `Bearer ${CANARY}`],
    ['cookie', CANARY],
    ['toString', CANARY],
    ['__proto__', CANARY],
    ['table', CANARY],
    ['table', { name: CANARY }],
    ['table', ['account']],
    ['code', new Error(CANARY)],
    ['errorName', `Error: ${CANARY}`],
    ['route', `/v1/x?email=${encodeURIComponent(CANARY)}`],
    ['constraint', 'a b'],
    ['status', '500'],
    ['status', NaN],
    ['status', null],
    ['count', 10n],
  ])('drops and counts %s %#', (key, value) => {
    const { log, lines } = recorded();
    const fields: Record<string, unknown> = { region: 'eu' };
    Object.defineProperty(fields, key, { value, enumerable: true });
    log.event('x.y', fields);
    expect(lines.join('')).not.toMatch(/canary/i);
    expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual(['level', 'time', 'event', 'region']);
    expect(log.dropped).toBe(1);
  });

  it('does not count what is undefined, and cuts what is long', () => {
    const { log, lines } = recorded();
    log.event('x.y', { region: undefined, table: 't'.repeat(500) });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ table: 't'.repeat(FIELD_LENGTH_MAX) });
    expect(log.dropped).toBe(0);
  });

  it('refuses an event name that was built from data', () => {
    const { log, lines } = recorded();
    log.event(`signup.${CANARY}`);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'log.name_refused' });
    expect(lines.join('')).not.toContain('canary');
  });

  it('keeps the words of the framework out', () => {
    const { log, lines } = recorded();
    const logger = nestLogger(log);
    logger.log(CANARY);
    logger.warn(CANARY);
    logger.debug?.(CANARY);
    logger.verbose?.(CANARY);
    expect(lines).toEqual([]);
    logger.error(CANARY, CANARY, CANARY);
    logger.fatal?.(new Error(CANARY));
    expect(lines.map((line) => (JSON.parse(line) as EventFields & { event: string }).event)).toEqual([
      'nest.error',
      'nest.error',
    ]);
    expect(lines.join('')).not.toContain('canary');
  });
});

describe('the logs of regions', () => {
  it('get the lines of their region and no other, and nothing of it goes anywhere else', () => {
    const written: Record<string, string[]> = { process: [], one: [], two: [] };
    const sinkOf = (name: string) => ({ write: (line: string) => void written[name]!.push(line) });
    const regions = new Map(['one', 'two'].map((name) => [name, sinkOf(name)]));
    const log = createEventLog(sinkOf('process'), regions);
    log.event('a.a', { region: 'one' });
    log.event('b.b', { region: 'two' }, 'error');
    log.event('c.c');
    log.event('d.d', { region: 'three' });
    log.event('e.e', { region: 'on e' });
    log.event('f.f', { region: 'constructor' });
    const events = Object.entries(written).map(([name, lines]) => [
      name,
      lines.map((line) => (JSON.parse(line) as { event: string }).event),
    ]);
    expect(Object.fromEntries(events)).toEqual({ process: ['c.c', 'd.d', 'e.e', 'f.f'], one: ['a.a'], two: ['b.b'] });
    expect(log.dropped).toBe(1);
  });
});

describe('the last resort (leak row 27)', () => {
  const source = join(dirname(fileURLToPath(import.meta.url)), 'log.ts');
  const run = (code: string): { status: number | null; output: string } => {
    const script = `import { createEventLog, installLastResort } from ${JSON.stringify(source)};
      installLastResort(createEventLog());
      const secret = ${JSON.stringify(CANARY)};
      class QueryFailedError extends Error { parameters = [secret]; code = '23505'; detail = secret; name = secret; }
      ${code}
      setTimeout(() => console.log('still here'), 2000);`;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      env: { NODE_NO_WARNINGS: '1' },
    });
    return { status: child.status, output: child.stdout + child.stderr };
  };

  it.each([
    ['a rejection', 'Promise.reject(new QueryFailedError(secret));', { errorName: 'QueryFailedError', code: '23505' }],
    [
      'an exception',
      'setImmediate(() => { throw new QueryFailedError(secret); });',
      { errorName: 'QueryFailedError', code: '23505' },
    ],
    ['a thrown string', 'setImmediate(() => { throw secret; });', { errorName: 'string' }],
    [
      'a code with data in it',
      'Promise.reject(Object.assign(new Error(secret), { code: secret }));',
      { errorName: 'Error' },
    ],
    [
      'a code in words',
      "Promise.reject(Object.assign(new Error(secret), { code: 'anna.canary' }));",
      { errorName: 'Error' },
    ],
    [
      'an error of our own',
      "Promise.reject(Object.assign(new Error(secret), { code: 'area.gone', [Symbol.for('domicile.problem')]: true }));",
      { errorName: 'Error', code: 'area.gone' },
    ],
    [
      'a class that is data',
      "Promise.reject(Object.assign(new Error(secret), { constructor: { name: 'canary' } }));",
      { errorName: 'Error' },
    ],
    [
      'an error that cannot be looked at',
      "Promise.reject(Object.defineProperty(new Error(secret), 'code', { get: () => { throw new Error(secret); } }));",
      { errorName: 'Unreadable' },
    ],
    [
      'an object without a prototype',
      'Promise.reject(Object.create(null, { a: { value: secret } }));',
      { errorName: 'Object' },
    ],
  ])('turns %s into one line without its text, and exit code 1', (_, code, expected) => {
    const { status, output } = run(code);
    expect(status).toBe(1);
    expect(output).not.toContain('canary');
    const { time, ...line } = JSON.parse(output) as Record<string, unknown>;
    expect(time).toEqual(expect.any(String));
    expect(line).toEqual({ level: 'error', event: 'process.fault', ...expected });
  });
});
