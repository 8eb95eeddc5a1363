/**
 * R0: the same work by bare Fastify and pg, as lean as a careful person writes it: prepared statements by name, compiled serialisers.
 * It does what the product does for a customer: the same answers with the same headers, the same limits, the same rows. It leaves out
 * regions (ids are plain uuids, no unit of work, no guard, no home checks), sealing, deadlines, strict JSON, problem documents, what a
 * User-Agent and an address say of device and country, a device that comes back, a place where nobody was before, known passwords,
 * Idempotency-Keys, and mail.
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
  for (const [name, value] of work.HEADERS) if (!reply.hasHeader(name)) void reply.header(name, value);
  done(null, payload);
});

const READ = {
  name: 'read',
  text: `select s.secret_hash as "secretHash", s.expires_at as "expiresAt", s.last_seen_at as "lastSeenAt",
      s.authenticated_at as "authenticatedAt", s.factors, s.provider_id as "providerId", m.role, a.name, a.status,
      a.created_at as "createdAt", a.closing_at as "closingAt", a.version, a.provider_id as "accountProviderId",
      a.second_factor_required as "secondFactorRequired", a.own_provider_required as "ownProviderRequired",
      a.session_idle_minutes as "sessionIdleMinutes", a.session_absolute_hours as "sessionAbsoluteHours"
    from session s join person p on p.id = s.person_id and p.status in ('active', 'restricted', 'closing')
      left join membership m on m.account_id = $1 and m.person_id = s.person_id left join account a on a.id = m.account_id
    where s.id = $2`,
};
const SEEN = {
  name: 'seen',
  text: `update session set last_seen_at = now() where id = $1 and last_seen_at < now() - interval '5 minutes'`,
};
const ACCOUNT = object({
  id: text,
  name: text,
  status: text,
  role: text,
  permissions: { type: 'array', items: text },
  createdAt: time,
  closingAt: time,
});

app.get<{ Params: { id: string } }>(
  '/v1/accounts/:id',
  { schema: { response: { 200: ACCOUNT } } },
  async (request, reply) => {
    const shown = work.presented(request.headers.authorization);
    if (!shown) return refuse(reply, 401);
    const { id } = request.params;
    if (!UUID.test(id)) return refuse(reply, 404);
    if (!work.takeRead(shown.sessionId)) return refuse(reply, 429);
    const [row] = (await pool.query({ ...READ, values: [id, shown.sessionId] })).rows;
    if (!row || !work.proves(shown.hash, row)) return refuse(reply, 401);
    if (row.role === null) return refuse(reply, 404);
    if (!work.mayEnter(row)) return refuse(reply, 403);
    // No request waits for it.
    if (row.lastSeenAt.getTime() < Date.now() - work.SEEN_MILLISECONDS)
      pool.query({ ...SEEN, values: [shown.sessionId] }).catch(() => undefined);
    void reply.header('etag', `"v${row.version}"`);
    const { name, status, role, createdAt, closingAt } = row;
    const account = { id, name, status, role, permissions: work.PERMISSIONS[role], createdAt };
    return closingAt === null ? account : { ...account, closingAt };
  },
);

/** Counts a sign-in in its windows, and as failed in its streak: its outcome is not known yet. */
const TRY = {
  name: 'try',
  text: `with counted as (${work.COUNT.text}), tried as (insert into failure_streak (id, count, expires_at) values ($3, 1, now() + interval '30 days')
      on conflict (id) do update set count = least(failure_streak.count, ${work.FAILURES_MAX}) + 1, expires_at = excluded.expires_at,
        version = failure_streak.version + 1 returning count)
    select count, (select max(count) from counted) as busiest from tried`,
};
const FIND_CREDENTIAL = {
  name: 'find-credential',
  text: `select p.id as "personId", c.secret from person_address a join person p on p.id = a.person_id and p.status in ('active', 'restricted', 'closing')
    join credential c on c.person_id = p.id and c.kind = 'password' where a.key = $1 and a.kept_by is null order by c.id desc limit 1`,
};
/** What else she is to be asked for, and where she was last. */
const AHEAD = {
  name: 'ahead',
  text: `select (select count(*) from passkey where person_id = $1)::int as "passkeyCount",
      exists (select from totp where person_id = $1 and confirmed_at is not null) as "hasTotp",
      (select count(*) from recovery_code where person_id = $1)::int as "recoveryCodeCount", newest.id, newest.device, newest.country
    from (values (1)) as always left join lateral (select id, device, country from person_event
      where person_id = $1 and kind = 'session.began' order by id desc limit 1) as newest on true`,
};
const ADD_SESSION = {
  name: 's',
  text: `insert into session (id, person_id, secret_hash, authenticated_at, factors, expires_at, last_seen_at, device, country)
    values ($1, $2, $3, $4, 'password', $5, $4, $6, $7)`,
};
const ADD_EVENT = {
  name: 'e',
  text: `insert into person_event (id, person_id, kind, session_id, device, country) values ($1, $2, 'session.began', $3, $4, $5)`,
};
/** All that a right sign-in leaves behind. The device that is added is not seen by the part that forgets the oldest. */
const BEGIN = {
  name: 'begin',
  text: `with forgiven as (delete from failure_streak where id = $8),
    known as (insert into known_device (id, person_id, secret_hash, expires_at) values ($9, $2, $10, $11)),
    outgrown as (delete from known_device where id in
      (select id from known_device where person_id = $2 order by id desc offset ${work.DEVICES_MAX - 1})),
    begun as (${ADD_SESSION.text})
    insert into person_event (id, person_id, kind, session_id, device, country) values ($12, $2, 'session.began', $1, $6, $7)`,
};

/** Where somebody is, as far as it is kept: of the loopback network and of a load generator nothing is known. */
const HERE = { device: null, country: null } as const;

app.post(
  '/v1/sessions',
  {
    schema: {
      body: { ...object({ email: text, password: text }), required: ['email', 'password'] },
      response: {
        201: object({ person: object({ id: text }), session, device: object({ token: text, expiresAt: time }) }),
      },
    },
  },
  async (request, reply) => {
    const { email, password } = request.body as { email: string; password: string };
    const { ip } = request;
    const [ids, ends] = work.windowsOf(`network ${ip}`, 'region', `address ${ip} ${email}`, `address ${email}`);
    const streak = work.idOf(`streak ${email}`);
    const [tried] = (await pool.query({ ...TRY, values: [ids, ends, streak] })).rows;
    if (tried.count > work.FAILURES_MAX || tried.busiest > work.PER_HOUR_MAX) return refuse(reply, 429);
    const [found] = (await pool.query({ ...FIND_CREDENTIAL, values: [work.addressKey(email)] })).rows;
    if (!found || !(await matches(password, found.secret))) return refuse(reply, 401);
    const { personId } = found;
    const [ahead] = (await pool.query({ ...AHEAD, values: [personId] })).rows;
    if (ahead.passkeyCount > 0 || ahead.hasTotp) return refuse(reply, 202);
    // She would be told by mail; see the first comment.
    if (ahead.id !== null && (ahead.device !== HERE.device || ahead.country !== HERE.country))
      return refuse(reply, 501);
    const now = new Date();
    const id = work.newId();
    const expiresAt = new Date(now.getTime() + work.SESSION_TTL_MILLISECONDS);
    const { token, secretHash } = work.newToken(id);
    const device = work.newDevice();
    const eventId = work.newId();
    const place = [HERE.device, HERE.country];
    const known = [device.id, device.secretHash, device.expiresAt];
    await pool.query({
      ...BEGIN,
      values: [id, personId, secretHash, now, expiresAt, ...place, streak, ...known, eventId],
    });
    const { token: deviceToken, expiresAt: deviceExpiresAt } = device;
    return reply.code(201).send({
      person: { id: personId },
      session: { id, token, expiresAt },
      device: { token: deviceToken, expiresAt: deviceExpiresAt },
    });
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
    const windows = work.windowsOf(`asks ${request.ip}`, `asks ${email}`, `asks today ${email}`, 'asks region');
    const counted = (await pool.query({ ...work.COUNT, values: windows })).rows;
    if (counted.some(({ count }) => count > work.PER_HOUR_MAX)) return refuse(reply, 429);
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
  event: ADD_EVENT,
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
    const counted = (await pool.query({ ...work.COUNT, values: work.windowsOf(`network ${request.ip}`, 'region') }))
      .rows;
    if (counted.some(({ count }) => count > work.PER_HOUR_MAX)) return refuse(reply, 429);
    if (!timingSafeEqual(Buffer.from(code.padEnd(8).slice(0, 8)), Buffer.from(work.codeOf(id))))
      return refuse(reply, 422);
    const [open] = (await pool.query({ ...GET_SIGNUP, values: [id] })).rows;
    if (!open || open.confirmed_at !== null || open.expires_at <= new Date() || open.attempts >= 10)
      return refuse(reply, 409);
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
  await run('session', [sessionId, personId, secretHash, now, expiresAt, HERE.device, HERE.country]);
  await run('event', [work.newId(), personId, sessionId, HERE.device, HERE.country]);
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
