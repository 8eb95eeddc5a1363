import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type * as x509 from '@peculiar/x509';
import { connectionOptions } from '../../libs/residency/src/connection.js';
import type { RegionDatabaseOptions } from '../../libs/residency/src/region-database.js';
import { type Authority, authority } from '../support/authority.js';
import { boot } from '../support/boot.js';
import { complaint, createCore } from '../support/core.js';
import { type TestDatabase, createDatabase, eu, query } from '../support/databases.js';
import { type OwnServer, ownServer } from '../support/own-server.js';
import { TOYS } from '../support/toy-schema.js';

const LOCALHOST: x509.JsonGeneralNames = [{ type: 'dns', value: 'localhost' }];
let server: OwnServer;
let home: TestDatabase;
let ours: Authority;
let theirs: Authority;

/** Puts a certificate into the running server. */
const present = async (issued: { cert: string; key: string }): Promise<void> => {
  install(server.home, issued);
  await query(server.superuserUrl, 'select pg_reload_conf()');
  await sleep(150);
};
const install = (folder: string, { cert, key }: { cert: string; key: string }): void => {
  writeFileSync(join(folder, 'server.crt'), cert, { mode: 0o644 });
  writeFileSync(join(folder, 'server.key'), key, { mode: 0o600 });
};
const at = (host: string, change: Partial<RegionDatabaseOptions> = {}): RegionDatabaseOptions => ({
  ...home.options,
  ca: ours.pem,
  url: home.appUrl.replace('127.0.0.1', host),
  ...change,
});
const REFUSED = /^residency\.(?!marker_|role_)/;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([authority('region eu'), authority('region us')]);
  server = await ownServer(async (folder) => {
    install(folder, await ours.issue(LOCALHOST));
    return { ssl: 'on', ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') };
  });
  home = await createDatabase(eu, TOYS, { server });
});
afterAll(async () => {
  await home?.drop();
  await server?.stop();
});

describe('L5 the way to the database', () => {
  it("is TLS 1.3, proven by the region's own CA", async () => {
    const core = await createCore({ databases: [{ ...home, options: at('localhost'), drop: async () => undefined }] });
    const used = await home.sql(
      'superuser',
      `select distinct version, ssl from pg_stat_ssl join pg_stat_activity using (pid) where usename = '${home.provision.appRole}'`,
    );
    await core.within(eu, (ctx) => core.things.list(ctx, {}));
    await core.close();
    expect(used).toEqual([{ version: 'TLSv1.3', ssl: true }]);
  });

  it('is refused by the CA of another region, and by those that the machine trusts', async () => {
    expect(await boot(at('localhost', { ca: theirs.pem }))).toMatch(REFUSED);
    await present(await theirs.issue(LOCALHOST));
    expect(await boot(at('localhost'))).toMatch(REFUSED);
    expect(await boot(at('localhost', { ca: theirs.pem }))).toBe('booted');
    await present(await ours.issue(LOCALHOST));
    expect(await boot(at('localhost'))).toBe('booted');
  });

  it('is refused when the certificate is for another host, or is over', async () => {
    await present(await ours.issue([{ type: 'dns', value: 'db.us.example' }]));
    expect(await boot(at('localhost'))).toMatch(REFUSED);
    expect(await boot(at('127.0.0.1'))).toMatch(REFUSED);
    await present(await ours.issue(LOCALHOST, -1));
    expect(await boot(at('localhost'))).toMatch(REFUSED);
  });

  it('holds an address in numbers to the certificate as it stands, and to no other name', async () => {
    await present(await ours.issue(LOCALHOST));
    expect(await boot(at('127.0.0.1'))).toMatch(REFUSED);
    await present(await ours.issue([{ type: 'ip', value: '127.0.0.1' }]));
    expect(await boot(at('127.0.0.1'))).toBe('booted');
    expect(await boot(at('localhost'))).toMatch(REFUSED);
  });

  it('is refused by a server without TLS once a CA is given', async () => {
    const plain = await createDatabase(eu, TOYS);
    expect(await boot({ ...plain.options, ca: ours.pem })).toMatch(REFUSED);
    await plain.drop();
  });

  it.each([
    'db.example',
    '10.0.0.7',
    '127.0.0.1.example',
    'localhost.example',
    '[::2]',
    '[fe80::1]',
    '%2Fvar%2Frun',
    '2130706433.example',
  ])('to another machine needs a CA: %s', async (host) => {
    expect(await complaint(() => connectionOptions(`postgres://app:s3cret@${host}/x`, undefined))).toMatch(
      /configuration_invalid: .* a host other than this machine needs a CA file/,
    );
  });

  it.each([
    'sslmode=disable',
    'sslmode=require',
    'sslmode=verify-full',
    'ssl=true',
    'sslrootcert=/x',
    'host=db.us.example',
    'options=-c%20x',
    'application_name=x',
    'x',
  ])('takes no word of it from the URL: ?%s', async (parameter) => {
    for (const ca of [undefined, ours.pem])
      expect(await complaint(() => connectionOptions(`${home.appUrl}?${parameter}`, ca))).toMatch(
        /configuration_invalid: .* it must not carry parameters; TLS is set by the CA file/,
      );
  });

  it('is verified in full whatever the host, in names and in numbers', () => {
    for (const host of ['db.eu.example', '10.0.0.7', '[fd00::7]']) {
      const { ssl } = connectionOptions(`postgres://app:x@${host}/x`, ours.pem);
      expect(ssl).toMatchObject({ ca: ours.pem, rejectUnauthorized: true, minVersion: 'TLSv1.3' });
      expect(ssl).not.toHaveProperty('checkServerIdentity');
    }
  });
});
