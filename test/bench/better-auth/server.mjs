/**
 * better-auth over pg as its own documentation sets it up, for the side by side bench: e-mail and password, opaque sessions in the database,
 * a password hash that does nothing, no limits, no telemetry, no log. It seals nothing, mails nothing and knows no region.
 */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const options = {
  database: new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 10 }),
  secret: 'a secret of the bench, long enough for better-auth',
  baseURL: 'http://127.0.0.1',
  trustedOrigins: ['*'],
  emailAndPassword: {
    enabled: true,
    password: { hash: async () => 'no hash', verify: async ({ password }) => password === process.env.BENCH_PASSWORD },
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
};
await (await getMigrations(options)).runMigrations();
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'api.listening', port: server.address().port })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
