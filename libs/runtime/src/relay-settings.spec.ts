import { describe, expect, it } from '@jest/globals';
import type { Environment } from './database-settings.js';
import { relayEndpoint, relaySettings } from './relay-settings.js';
import { type SettingsError, workerSettings } from './settings.js';

const SECRET = 'Sw0rdfish-never-shown';

function read(url: string, more: Environment = {}) {
  const problems: string[] = [];
  const relay = relaySettings({ DOMICILE_EU_SMTP_URL: url, ...more }, 'eu', 'DOMICILE_EU', problems);
  expect(problems.join()).not.toContain(SECRET);
  expect(relay === undefined).toBe(problems.length > 0);
  return { relay, problems };
}

describe('the relay of a region', () => {
  it.each([
    ['smtp://127.0.0.1:2525', undefined, 2525],
    ['smtp://localhost', undefined, 587],
    ['smtp://[::1]:25', undefined, 25],
    ['smtp://relay.example', 'starttls', 587],
    ['smtp://127.0.0.1.example.com:25', 'starttls', 25],
    ['smtp://10.0.0.1', 'starttls', 587],
    ['smtps://relay.example', 'tls', 465],
    ['smtps://localhost:4465/', 'tls', 4465],
  ])('of %s is spoken to with %s at port %s', (url, encryption, port) => {
    expect(read(url).relay).toMatchObject({ region: 'eu', encryption, port, login: undefined });
    expect(relayEndpoint(read(url).relay!)).toEqual({ host: new URL(url).hostname, port });
  });

  it('takes a login from its address, encrypted wherever it is', () => {
    expect(read(`smtps://a%40b:${SECRET}%25@relay.example`).relay).toMatchObject({
      login: { user: 'a@b', password: `${SECRET}%` },
    });
    expect(read(`smtp://user:${SECRET}@relay.example`).relay?.encryption).toBe('starttls');
  });

  it.each([
    [SECRET, /not the address of a mail relay/],
    [`http://a:${SECRET}@relay.example`, /not the address of a mail relay/],
    [`smtp://a:${SECRET}@localhost`, /password in clear/],
    [`smtps://a:${SECRET}@relay.example?tls.rejectUnauthorized=false`, /more than a host and a port/],
    [`smtps://a:${SECRET}@relay.example/?ignoreTLS=true`, /more than a host and a port/],
    [`smtps://a:${SECRET}@relay.example#x`, /more than a host and a port/],
    [`smtps://a:${SECRET}@relay.example/path`, /more than a host and a port/],
    [`smtps://${SECRET}@relay.example`, /half a login/],
    [`smtps://a:${SECRET}%zz@relay.example`, /not percent-encoded/],
    ['smtps:///', /not the address|no host name/],
  ])('refuses address %#', (url, reason) => {
    const { problems } = read(url);
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems[0]).toMatch(/^DOMICILE_EU_SMTP_URL .+; .+\.$/);
  });

  it('is named once, by its address or by a file', () => {
    expect(read('').problems).toEqual([expect.stringMatching(/both missing/)]);
    expect(read('smtps://a', { DOMICILE_EU_SMTP_URL_FILE: '/x' }).problems).toEqual([
      expect.stringMatching(/both set/),
    ]);
  });
});

describe('a worker of two regions', () => {
  const region = (code: string, port: number): Environment => ({
    [`DOMICILE_${code}_HOME`]: `/home/${code}`,
    [`DOMICILE_${code}_DATABASE_URL`]: `postgres://app:x@127.0.0.1:${port}/domicile`,
    [`DOMICILE_${code}_KEY_DATABASE_URL`]: `postgres://app:x@127.0.0.1:${port + 1}/domicile`,
    [`DOMICILE_${code}_SMTP_URL`]: `smtp://127.0.0.1:${port + 2}`,
  });
  const env: Environment = {
    DOMICILE_TOPOLOGY: 'combined',
    DOMICILE_SERVES: 'eu,us',
    DOMICILE_STACK: 'local',
    DOMICILE_ENVIRONMENT: 'test',
    ...region('EU', 5000),
    ...region('US', 6000),
  };
  const problems = (change: Environment): readonly string[] => {
    try {
      workerSettings({ ...env, ...change }, ['eu', 'us']);
      return [];
    } catch (error) {
      return (error as SettingsError).problems;
    }
  };

  it('has a relay for each', () => {
    const { relays } = workerSettings(env, ['eu', 'us']);
    expect(relays.map(({ region: code, port }) => [code, port])).toEqual([
      ['eu', 5002],
      ['us', 6002],
    ]);
  });

  it('does not start with one relay for both, with none of one, or with that of a region that it does not serve', () => {
    expect(problems({ DOMICILE_US_SMTP_URL: env['DOMICILE_EU_SMTP_URL'] })).toEqual([
      expect.stringMatching(/same relay as DOMICILE_EU_SMTP_URL/),
    ]);
    expect(problems({ DOMICILE_US_SMTP_URL: undefined })).toEqual([expect.stringMatching(/both missing/)]);
    const foreign = {
      DOMICILE_SERVES: 'eu',
      ...Object.fromEntries(Object.keys(region('US', 1)).map((key) => [key, undefined])),
    };
    const without = Object.fromEntries(
      Object.entries({ ...env, ...foreign }).filter(([, value]) => value !== undefined),
    );
    expect(() => workerSettings(without, ['eu', 'us'])).not.toThrow();
    expect(() => workerSettings({ ...without, DOMICILE_US_SMTP_URL: 'smtp://127.0.0.1:1' }, ['eu', 'us'])).toThrow(
      /law L6/,
    );
  });
});
