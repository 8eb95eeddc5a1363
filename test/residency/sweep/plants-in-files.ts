import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { regionLogFile } from '@domicile/runtime';
import { AWAY, HOME, intoFile, type Plant, runs, sql } from './planting.js';
import type { World } from './world.js';

const mailOf = (to: string, more: string): string =>
  `From: no-reply@example.org\r\nTo: <${to}>\r\n${more}\r\n\r\nHello.\r\n`;
const addressOf = ({ people }: World, name: string): string => people.get(name)!.email.toLowerCase();

/** A snapshot of the temporary folder's own process, with a value in its memory. */
const SNAPSHOT = `globalThis.held = { email: process.env.VALUE }; require('v8').writeHeapSnapshot('row-28.heapsnapshot')`;

/** Leaks into files: logs, copies, mails, dumps. */
export const IN_FILES: readonly Plant[] = [
  {
    row: 4,
    how: 'rows streamed out of one region into a file of the other',
    sink: /^installation us\/row-4\.copy$/,
    isCopy: true,
    put: async (world) => {
      const rows = await sql(world, HOME, 'select t::text as row from credential t');
      intoFile(world, `${AWAY}/row-4.copy`, rows.map(({ row }) => String(row)).join('\n'));
    },
  },
  {
    row: 15,
    how: 'WAL of one region archived in the other',
    sink: /^installation us\/wal-archive\//,
    isCopy: true,
    put: ({ servers, installation }) => {
      const from = join(servers[HOME]!.home, 'postgres/pg_wal');
      const to = join(installation.folder, AWAY, 'wal-archive');
      mkdirSync(to);
      const segments = readdirSync(from).filter((name) => /^[0-9A-F]{24}$/.test(name));
      for (const segment of segments) copyFileSync(join(from, segment), join(to, segment));
    },
  },
  {
    row: 16,
    how: 'a compressed snapshot of the disk of one region, kept in the other',
    sink: /^installation us\/disk-snapshot\.gz$/,
    isCopy: true,
    put: async (world) => {
      const [row] = await sql(world, HOME, "select pg_relation_filepath('person') as path");
      const bytes = readFileSync(join(world.servers[HOME]!.home, 'postgres', String(row!['path'])));
      intoFile(world, `${AWAY}/disk-snapshot.gz`, gzipSync(bytes));
    },
  },
  {
    row: 23,
    how: 'the line that pino-http writes by itself: URL and headers',
    sink: /^installation eu\/logs\//,
    put: ({ installation }, own) => {
      const file = regionLogFile(installation.site(HOME).home);
      const req = {
        method: 'GET',
        url: `/v1/me?name=${encodeURIComponent(own.text())}`,
        headers: { referer: own.word() },
      };
      appendFileSync(file, `${JSON.stringify({ level: 30, req, msg: 'request completed' })}\n`);
    },
  },
  {
    row: 28,
    how: 'a heap snapshot in the working folder',
    sink: /^temporary folder row-28\.heapsnapshot$/,
    put: (world, own) => runs(world, 28, SNAPSHOT, own.word()),
  },
  {
    row: 28,
    how: 'the same, compressed',
    sink: /^temporary folder row-28\.gz$/,
    put: ({ temporary }) =>
      writeFileSync(join(temporary, 'row-28.gz'), gzipSync(readFileSync(join(temporary, 'row-28.heapsnapshot')))),
  },
  {
    row: 39,
    how: 'a mail of one region sent through the relay of the other',
    sink: /^installation us\/mail\/row-39\.eml$/,
    put: (world, own) =>
      intoFile(world, `${AWAY}/mail/row-39.eml`, mailOf(own.address().toLowerCase(), 'Subject: Hello')),
  },
  {
    row: 40,
    how: 'a second recipient, put into the header of a mail',
    sink: /^installation eu\/mail\/row-40\.eml$/,
    isCopy: true,
    put: (world) =>
      intoFile(
        world,
        `${HOME}/mail/row-40.eml`,
        mailOf(addressOf(world, 'eu-combined'), `Bcc: ${addressOf(world, 'eu-separate')}`),
      ),
  },
  {
    row: 45,
    how: 'an address in a URL, in the log of a proxy',
    sink: /^installation eu\/logs\/access\.log$/,
    put: (world, own) =>
      intoFile(
        world,
        `${HOME}/logs/access.log`,
        `127.0.0.1 "GET /v1/me?email=${encodeURIComponent(own.address())}" 400\n`,
      ),
  },
  {
    row: 47,
    how: 'the body of a request that was sent to the wrong region, in its log',
    sink: /^installation us\/logs\/misdirected\.log$/,
    put: (world, own) => {
      const line = JSON.stringify({ body: own.text() });
      const ascii = line.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      intoFile(world, `${AWAY}/logs/misdirected.log`, `${ascii}\n`);
    },
  },
  {
    row: 49,
    how: 'a link to the host that a header named, in a mail',
    sink: /^installation eu\/mail\/row-49\.eml$/,
    put: (world, own) =>
      intoFile(
        world,
        `${HOME}/mail/row-49.eml`,
        mailOf(addressOf(world, 'eu-combined'), `X-Link: https://${own.word()}/confirm`),
      ),
  },
  {
    row: 55,
    how: 'an export in a folder of all regions',
    sink: /^installation exports\/row-55\.json\.gz$/,
    put: (world, own) => intoFile(world, 'exports/row-55.json.gz', gzipSync(JSON.stringify({ name: own.text() }))),
  },
  {
    row: 56,
    how: "the history of an operator's psql",
    sink: /^temporary folder \.psql_history$/,
    put: ({ temporary }, own) =>
      writeFileSync(join(temporary, '.psql_history'), `select * from person where email = '${own.address()}';\n`),
  },
  {
    row: 61,
    how: 'what a failing test leaves behind: the body that made it fail',
    sink: /^temporary folder crash-61\.txt$/,
    put: ({ temporary }, own) =>
      writeFileSync(join(temporary, 'crash-61.txt'), Buffer.from(JSON.stringify({ name: own.text() })).toString('hex')),
  },
  {
    row: 62,
    how: 'the environment of a build in its log',
    sink: /^installation build\.log$/,
    isCopy: true,
    put: (world) => {
      const ports = { [HOME]: 1, [AWAY]: 2 };
      const environment = world.installation.environment({ served: [HOME], ports });
      const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      intoFile(world, 'build.log', lines.join('\n'));
    },
  },
  {
    row: 64,
    how: 'an old copy, with hashes instead of addresses',
    sink: /^installation eu\/backup\/person\.old$/,
    put: (world, own) =>
      intoFile(
        world,
        `${HOME}/backup/person.old`,
        createHash('sha256').update(own.address().toLowerCase()).digest('hex'),
      ),
  },
];
