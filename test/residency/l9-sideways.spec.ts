import {
  closeSync,
  existsSync,
  fstatSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type ApiSettings,
  createEventLog,
  fastifyOptions,
  refuseRedirects,
  regionLogFile,
  regionLogs,
  SettingsError,
} from '@domicile/runtime';
import type { FastifyInstance } from 'fastify';

type Served = Parameters<typeof regionLogs>[0];

describe('the log of a region', () => {
  let folder: string;
  const home = (code: string): string => join(folder, code);
  const settings = (topology: ApiSettings['topology'], codes = ['eu', 'us']): Served => ({
    topology,
    regions: codes.map((code) => ({ code, home: home(code) })),
  });
  const mode = (path: string): number => statSync(path).mode & 0o777;
  const text = (code: string): string => readFileSync(regionLogFile(home(code)), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-logs-'));
    for (const code of ['eu', 'us']) mkdirSync(home(code));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is a file below its own home, for its owner alone, and holds what is of the region and nothing else', () => {
    const general: string[] = [];
    const log = createEventLog({ write: (line) => general.push(line) }, regionLogs(settings('combined'), fail));
    log.event('outbox.failed', { region: 'eu' });
    log.event('outbox.away', { region: 'us' });
    log.event('api.listening');
    expect([text('eu'), text('us'), general.join('')].map(events)).toEqual([
      ['outbox.failed'],
      ['outbox.away'],
      ['api.listening'],
    ]);
    for (const code of ['eu', 'us'])
      expect([mode(join(home(code), 'logs')), mode(regionLogFile(home(code)))]).toEqual([0o700, 0o600]);
  });

  it('is continued by the next process, taken back from others, and put aside when it is long', () => {
    const write = (): void =>
      createEventLog(undefined, regionLogs(settings('combined'), fail)).event('a.a', { region: 'eu' });
    const file = regionLogFile(home('eu'));
    mkdirSync(join(home('eu'), 'logs'), { mode: 0o755 });
    writeFileSync(file, '{"event":"b.b"}\n', { mode: 0o644 });
    write();
    expect([events(text('eu')), mode(file), mode(join(home('eu'), 'logs'))]).toEqual([['b.b', 'a.a'], 0o600, 0o700]);
    writeFileSync(file, `${'x'.repeat(16 * 1024 * 1024)}\n`);
    write();
    expect([events(text('eu')), statSync(`${file}.1`).size]).toEqual([['a.a'], 16 * 1024 * 1024 + 1]);
  });

  it('is standard output where the process serves one region', () => {
    expect(regionLogs(settings('separate', ['eu']), fail).size).toBe(0);
    expect(existsSync(join(home('eu'), 'logs'))).toBe(false);
  });

  it('is not made in a home that is not there: the setting is wrong', () => {
    rmSync(home('us'), { recursive: true });
    expect(() => regionLogs(settings('combined'), fail)).toThrow(SettingsError);
    expect(() => regionLogs(settings('combined'), fail)).toThrow(/- DOMICILE_US_HOME names a folder that is not there/);
    expect(existsSync(home('us'))).toBe(false);
  });

  it('that cannot be written is said, and neither ends the process nor sends the line elsewhere', () => {
    const general: string[] = [];
    const faults: string[] = [];
    const sinks = regionLogs(settings('combined'), (region) => faults.push(region));
    closeDescriptorOf(regionLogFile(home('eu')));
    const log = createEventLog({ write: (line) => general.push(line) }, sinks);
    log.event('a.a', { region: 'eu' });
    log.event('a.a', { region: 'us' });
    expect([faults, general, events(text('us'))]).toEqual([['eu'], [], ['a.a']]);
  });
});

describe('a redirect (leak row 46)', () => {
  const WHERE = 'http://us.localhost:4000/v1/canary';
  const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
  let fastify: FastifyInstance;

  beforeEach(() => {
    fastify = new FastifyAdapter(fastifyOptions()).getInstance<FastifyInstance>();
    refuseRedirects(fastify);
    fastify.all<{ Params: { code: string } }>('/t/:code', (request, reply) =>
      reply.redirect(WHERE, Number(request.params.code)),
    );
  });
  afterEach(() => fastify.close());

  it.each(METHODS.flatMap((method) => [301, 302, 303, 307, 308].map((code) => [method, code] as const)))(
    'becomes a fault, whoever made it: %s %d',
    async (method, code) => {
      const answer = await fastify.inject({
        method,
        url: `/t/${code}`,
        ...(method === 'GET' ? {} : { payload: { a: 1 } }),
      });
      expect([answer.statusCode, answer.headers['location']]).toEqual([500, undefined]);
      expect(answer.body + JSON.stringify(answer.headers)).not.toContain('canary');
    },
  );

  it('is not what a kept copy is answered with', async () => {
    fastify.get('/kept', (_request, reply) => reply.code(304).send());
    expect((await fastify.inject('/kept')).statusCode).toBe(304);
  });
});

describe('what the product is made of (leak rows 26, 29, 31, 42, 59)', () => {
  const installed = Object.entries(
    (JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Lock).packages,
  )
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));

  it('holds no tracer, error tracker, analytics or client of another server, and no Express with its error pages', () => {
    const foreign =
      /^express$|platform-express|opentelemetry|^dd-trace|newrelic|elastic-apm|appinsights|applicationinsights|^@?sentry|bugsnag|rollbar|honeybadger|posthog|mixpanel|^@segment|amplitude|launchdarkly|^axios$|^got$|^undici$|^node-fetch$|^superagent$|^openai|^@aws-sdk|^@google-cloud|^@azure|hibp|pwned/;
    expect(installed.filter((name) => foreign.test(name))).toEqual([]);
    // The search sees what is there.
    expect(installed).toEqual(expect.arrayContaining(['fastify', 'pg', 'pino', 'typeorm']));
    expect(installed.length).toBeGreaterThan(50);
  });

  it('names no header by which a trace or its baggage would be carried on', () => {
    const root = join(import.meta.dirname, '../..');
    const files = globSync(['apps/**/*.ts', 'libs/**/*.ts'], { cwd: root }).filter(
      (file) => !file.endsWith('.spec.ts'),
    );
    const source = (file: string): string => readFileSync(join(root, file), 'utf8');
    expect(files.length).toBeGreaterThan(80);
    for (const file of files) expect([file, source(file)]).toEqual([file, expect.not.stringMatching(CARRIED)]);
    // What asks others at all: the one child for what customers name, which sends what it is given, and pages, which ask their own origin.
    const asking = files.filter((file) => ASKS.test(source(file)));
    expect(asking.sort()).toEqual(['apps/web/src/api/client.ts', 'libs/runtime/src/outbound/calls.ts']);
  });
});

const CARRIED = /traceparent|tracestate|['"`]baggage/;
const ASKS = /\bfetch\(|from 'node:http[s2]'/;

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

function events(lines: string): string[] {
  const each = lines.split('\n').filter((line) => line !== '');
  return each.map((line) => (JSON.parse(line) as { event: string }).event);
}

function fail(region: string): void {
  throw new Error(`The log of ${region} could not be written.`);
}

/** As if the disk refused: nothing can be written through this process's handle of the file any more. */
function closeDescriptorOf(file: string): void {
  const { ino } = statSync(file);
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      if (fstatSync(Number(name)).ino === ino) closeSync(Number(name));
    } catch {
      // The handle by which the folder was listed.
    }
  }
}
