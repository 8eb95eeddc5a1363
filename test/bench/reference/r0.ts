/**
 * R0: the same work by bare Fastify and pg, as lean as a careful person writes it: prepared statements by name, compiled serialisers.
 * It leaves out regions (ids are plain uuids, no unit of work, no guard, no home checks), sealing, deadlines, strict JSON, problem
 * documents and a mail that is sent.
 */
import { timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import pg from 'pg';
import * as work from './work.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const { url, hashes } = work.referenceSettings();
const hashOf = work.passwordHash(hashes);
const matches = work.passwordCheck(hashes);
const pool = new pg.Pool({ connectionString: url, max: work.POOL_SIZE });
const app = fastify();

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const object = (properties: Record<string, object>) => ({ type: 'object', properties });
const session = object({ id: text, token: text, expiresAt: time });

function refuse(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).send({ status });
}

app.addHook('onSend', (_request, reply, payload, done) => {
  void reply.header('cache-control', 'no-store');
  done(null, payload);
});

const READ = {
  name: 'read',
  text: `select s.secret_hash as "secretHash", s.expires_at as "expiresAt", m.role, a.name, a.status, a.created_at as "createdAt"
    from session s join person p on p.id = s.person_id and p.status = 'active'
      left join membership m on m.account_id = $1 and m.person_id = s.person_id left join account a on a.id = m.account_id
    where s.id = $2`,
};

app.get<{ Params: { id: string } }>(
  '/v1/accounts/:id',
  { schema: { response: { 200: object({ id: text, name: text, status: text, role: text, createdAt: time }) } } },
  async (request, reply) => {
    const shown = work.presented(request.headers.authorization);
    if (!shown) return refuse(reply, 401);
    const { id } = request.params;
    if (!UUID.test(id)) return refuse(reply, 404);
    const [row] = (await pool.query({ ...READ, values: [id, shown.sessionId] })).rows;
    if (!row || !timingSafeEqual(row.secretHash, shown.hash) || row.expiresAt <= new Date()) return refuse(reply, 401);
    if (row.role === null) return refuse(reply, 404);
    return { id, name: row.name, status: row.status, role: row.role, createdAt: row.createdAt };
  },
);

const FIND_CREDENTIAL = {
  name: 'find-credential',
  text: `select p.id as "personId", c.secret from person_address a join person p on p.id = a.person_id and p.status = 'active'
    join credential c on c.person_id = p.id and c.kind = 'password' where a.key = $1 order by c.id desc limit 1`,
};
const ADD_SESSION = {
  name: 's',
  text: 'insert into session (id, person_id, secret_hash, authenticated_at, expires_at) values ($1, $2, $3, $4, $5)',
};

app.post(
  '/v1/sessions',
  {
    schema: {
      body: { ...object({ email: text, password: text }), required: ['email', 'password'] },
      response: { 201: object({ person: object({ id: text }), session }) },
    },
  },
  async (request, reply) => {
    const { email, password } = request.body as { email: string; password: string };
    await pool.query({ ...work.COUNT, values: work.windowsOf(request.ip) });
    const [found] = (await pool.query({ ...FIND_CREDENTIAL, values: [work.addressKey(email)] })).rows;
    if (!found || !(await matches(password, found.secret))) return refuse(reply, 401);
    const now = new Date();
    const id = work.newId();
    const expiresAt = new Date(now.getTime() + work.SESSION_TTL_MILLISECONDS);
    const { token, secretHash } = work.newToken(id);
    await pool.query({ ...ADD_SESSION, values: [id, found.personId, secretHash, now, expiresAt] });
    return reply.code(201).send({ person: { id: found.personId }, session: { id, token, expiresAt } });
  },
);

const SIGNUP = object({ email: text, accountName: text, acceptedPolicyVersion: text });
const ADD_SIGNUP = {
  name: 'add-signup',
  text: 'insert into signup (id, email, account_name, display_name, policy_version, expires_at) values ($1, $2, $3, $4, $5, $6)',
};
const ADD_OUTBOX = { name: 'add-outbox', text: 'insert into outbox (id, kind, subject_id) values ($1, $2, $3)' };

app.post(
  '/v1/signups',
  { schema: { body: { ...SIGNUP, required: ['email', 'accountName', 'acceptedPolicyVersion'] } } },
  async (request: FastifyRequest, reply) => {
    const { email, accountName, displayName, acceptedPolicyVersion } = request.body as Record<string, string>;
    const id = work.newId();
    const expiresAt = new Date(Date.now() + work.SIGNUP_TTL_MILLISECONDS);
    await transaction(async (client) => {
      const values = [id, email, accountName, displayName ?? null, acceptedPolicyVersion, expiresAt];
      await client.query({ ...ADD_SIGNUP, values });
      await client.query({ ...ADD_OUTBOX, values: [work.newId(), 'signup.code', id] });
    });
    // The code is told to the bench, which has no mail to read it from.
    return reply.code(202).send({ signup: { id, expiresAt }, code: work.codeOf(id) });
  },
);

const GET_SIGNUP = { name: 'get-signup', text: 'select * from signup where id = $1' };
const LOCK_SIGNUP = { name: 'lock-signup', text: 'select * from signup where id = $1 for update' };
const INSERTS = {
  person: { name: 'p', text: 'insert into person (id, email, display_name) values ($1, $2, $3)' },
  address: { name: 'pa', text: 'insert into person_address (key, person_id) values ($1, $2)' },
  credential: { name: 'c', text: 'insert into credential (id, person_id, kind, secret) values ($1, $2, $3, $4)' },
  acceptance: {
    name: 'ac',
    text: 'insert into acceptance (id, document_kind, document_version, text_hash, person_id, how, accepted_at) values ($1, $2, $3, $4, $5, $6, $7)',
  },
  account: { name: 'a', text: 'insert into account (id, name) values ($1, $2)' },
  membership: { name: 'm', text: 'insert into membership (account_id, id, person_id, role) values ($1, $2, $3, $4)' },
  affiliation: { name: 'af', text: 'insert into affiliation (id, person_id, account_id) values ($1, $2, $3)' },
  session: ADD_SESSION,
  confirmed: {
    name: 'done',
    text: `update signup set confirmed_at = $3, email = null, account_name = null, display_name = null, version = version + 1
      where id = $1 and version = $2`,
  },
} as const;

app.post<{ Params: { id: string } }>(
  '/v1/signups/:id/confirmations',
  {
    schema: {
      body: { ...object({ code: text, password: text }), required: ['code', 'password'] },
      response: {
        201: object({
          account: object({ id: text, name: text }),
          person: object({ id: text, email: text, displayName: { type: 'string', nullable: true } }),
          session,
        }),
      },
    },
  },
  async (request, reply) => {
    const { code, password } = request.body as { code: string; password: string };
    const { id } = request.params;
    if (!UUID.test(id)) return refuse(reply, 404);
    await pool.query({ ...work.COUNT, values: work.windowsOf(request.ip) });
    if (!timingSafeEqual(Buffer.from(code.padEnd(8).slice(0, 8)), Buffer.from(work.codeOf(id))))
      return refuse(reply, 422);
    const [open] = (await pool.query({ ...GET_SIGNUP, values: [id] })).rows;
    if (!open || open.confirmed_at !== null || open.expires_at <= new Date()) return refuse(reply, 409);
    const secret = await hashOf(password);
    const made = await transaction((client) => makeAccount(client, id, secret));
    return made ? reply.code(201).send(made) : refuse(reply, 409);
  },
);

async function makeAccount(client: pg.PoolClient, id: string, secret: string) {
  const [signup] = (await client.query({ ...LOCK_SIGNUP, values: [id] })).rows;
  if (!signup || signup.confirmed_at !== null) return null;
  const now = new Date();
  const [personId, accountId, sessionId] = [work.newId(), work.newId(), work.newId()];
  const { email, account_name: name, display_name: displayName } = signup;
  const run = (what: keyof typeof INSERTS, values: unknown[]) => client.query({ ...INSERTS[what], values });
  await run('person', [personId, email, displayName]);
  await run('address', [work.addressKey(email), personId]);
  await run('credential', [work.newId(), personId, 'password', secret]);
  const { kind, version, hash } = work.POLICY;
  await run('acceptance', [work.newId(), kind, version, hash, personId, 'signup', signup.created_at]);
  await run('account', [accountId, name]);
  await run('membership', [accountId, work.newId(), personId, 'owner']);
  await run('affiliation', [work.newId(), personId, accountId]);
  const expiresAt = new Date(now.getTime() + work.SESSION_TTL_MILLISECONDS);
  const { token, secretHash } = work.newToken(sessionId);
  await run('session', [sessionId, personId, secretHash, now, expiresAt]);
  await run('confirmed', [id, signup.version, now]);
  return {
    account: { id: accountId, name },
    person: { id: personId, email, displayName },
    session: { id: sessionId, token, expiresAt },
  };
}

async function transaction<T>(body: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await body(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

await app.listen({ host: '127.0.0.1', port: 0 });
work.announce((app.server.address() as { port: number }).port);
