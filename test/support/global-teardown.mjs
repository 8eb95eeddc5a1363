import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const { servers, home } = globalThis.__DOMICILE_SERVERS__;
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(home, { recursive: true, force: true });
}
