import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { QueryFailedError } from 'typeorm';
import { answers, AWAY, HOME, type Plant, runs, sql } from './planting.js';

const answerOf = (row: number): RegExp => new RegExp(`^answer of row ${row}, `);
const outputOf = (row: number): RegExp => new RegExp(`^output of row ${row}$`);
const UNHANDLED = "Promise.reject(Object.assign(new Error('refused'), { email: process.env.VALUE }))";

/** Leaks into what is answered, said and inherited. */
export const IN_PROCESSES: readonly Plant[] = [
  {
    row: 2,
    how: 'a handle of TypeORM in an answer, with the address of the other database',
    sink: answerOf(2),
    isCopy: true,
    put: (world) => {
      const options = { type: 'postgres', url: world.installation.site(HOME).database.appUrl };
      return answers(world, 2, AWAY, (_, __, response) => response.end(JSON.stringify({ dataSource: { options } })));
    },
  },
  {
    row: 5,
    how: 'the address of the other database in the environment of a process',
    sink: /^environ of process of row 5$/,
    isCopy: true,
    put: async ({ installation, recorder }) => {
      const url = installation.site(HOME).database.appUrl;
      const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { env: { OTHER_URL: url } });
      await new Promise((resolve) => child.once('spawn', resolve));
      recorder.process('process of row 5', child.pid!, [AWAY]);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    },
  },
  {
    row: 8,
    how: 'a list without a condition: rows of the other region in an answer',
    sink: answerOf(8),
    isCopy: true,
    put: async (world) => {
      const rows = await sql(world, HOME, "select encode(key, 'base64') as key from person_address");
      await answers(world, 8, AWAY, (_, __, response) => response.end(JSON.stringify(rows)), '', 'us-combined');
    },
  },
  {
    row: 21,
    how: 'an error object in an answer',
    sink: answerOf(21),
    put: (world, own) => {
      const error = Object.assign(new Error('duplicate key'), {
        detail: `Key (email)=(${own.address()}) already exists.`,
      });
      return answers(world, 21, HOME, (_, __, response) => response.writeHead(500).end(JSON.stringify(error)));
    },
  },
  {
    row: 22,
    how: 'a QueryFailedError in the log, with its parameters',
    sink: outputOf(22),
    put: ({ recorder }, own) => {
      const error = new QueryFailedError('insert into person values ($1)', [own.text()], new Error('duplicate key'));
      recorder.output('output of row 22', inspect(error), [HOME]);
    },
  },
  {
    row: 24,
    how: 'the log of slow queries, with parameters',
    sink: outputOf(24),
    put: (world, own) =>
      runs(
        world,
        24,
        "console.warn('query is slow: select $1 -- PARAMETERS: ' + JSON.stringify([process.env.VALUE]))",
        own.address(),
      ),
  },
  {
    row: 25,
    how: 'the message of JSON.parse in an answer, which quotes a part of the body',
    sink: answerOf(25),
    put: (world, own) =>
      answers(
        world,
        25,
        HOME,
        (_, body, response) => {
          try {
            JSON.parse(body);
          } catch (error) {
            response.writeHead(400).end((error as Error).message);
          }
        },
        own.word().replace('Cn.', 'x'),
      ),
  },
  {
    row: 26,
    how: 'the page of a default error handler: message and stack',
    sink: answerOf(26),
    put: (world, own) => {
      const { stack } = new Error(`No such person: ${own.word()}`);
      return answers(world, 26, HOME, (_, __, response) => response.writeHead(500).end(`<pre>${stack}</pre>`));
    },
  },
  {
    row: 27,
    how: 'what Node prints of an unhandled rejection',
    sink: outputOf(27),
    put: (world, own) => runs(world, 27, UNHANDLED, own.address()),
  },
  {
    row: 29,
    how: 'baggage of a trace in a header',
    sink: answerOf(29),
    put: (world, own) => {
      const baggage = `user=${encodeURIComponent(own.text())}`;
      return answers(world, 29, HOME, (_, __, response) => response.writeHead(200, { baggage }).end('{}'));
    },
  },
  {
    row: 35,
    how: 'what was kept of one request in the answer to another, in the other region',
    sink: answerOf(35),
    put: (world, own) => {
      const name = own.text();
      return answers(world, 35, AWAY, (_, __, response) => response.end(JSON.stringify({ name })), '', own.owner);
    },
  },
  {
    row: 41,
    how: 'a picture at a third party, addressed by the MD5 of the address',
    sink: answerOf(41),
    put: (world, own) => {
      const md5 = createHash('md5').update(own.address().toLowerCase()).digest('hex');
      const picture = `https://pictures.example/${md5}`;
      return answers(world, 41, HOME, (_, __, response) => response.end(JSON.stringify({ picture })), '', own.owner);
    },
  },
  {
    row: 43,
    how: 'the session of one region in a cookie at the other',
    sink: answerOf(43),
    isCopy: true,
    put: (world) => {
      const { token } = world.people.get('eu-combined')!;
      return answers(world, 43, AWAY, (_, __, response) =>
        response.writeHead(200, { 'set-cookie': `session=${token}; Domain=example.org` }).end('{}'),
      );
    },
  },
  {
    row: 44,
    how: 'a token that carries claims about a person',
    sink: answerOf(44),
    put: (world, own) => {
      const claims = Buffer.from(JSON.stringify({ sub: 1, name: own.text() })).toString('base64url');
      return answers(world, 44, HOME, (_, __, response) => response.end(`{"token":"e30.${claims}.x"}`), '', own.owner);
    },
  },
  {
    row: 46,
    how: 'a redirect that takes what was sent along',
    sink: answerOf(46),
    put: (world, own) => {
      const location = `https://elsewhere.example/?name=${own.word()}`;
      return answers(world, 46, HOME, (_, __, response) => response.writeHead(307, { location }).end());
    },
  },
  {
    row: 63,
    how: 'a refusal that names the account which exists elsewhere',
    sink: answerOf(63),
    isCopy: true,
    put: (world) => {
      const { accountId } = world.people.get('eu-combined')!;
      return answers(world, 63, AWAY, (_, __, response) =>
        response.writeHead(409).end(JSON.stringify({ instance: accountId })),
      );
    },
  },
];
