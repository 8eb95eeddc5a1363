/**
 * A program that starts one embedded server and never stops it, for drills that kill a launcher:
 * `node launch-embedded-postgres.mjs <built module> <home>`. Prints the server's pid once it is ready.
 */
const [module, home] = process.argv.slice(2);
const { EmbeddedPostgres } = await import(module);
const server = new EmbeddedPostgres({ home, name: 'drill', settings: { fsync: 'off' } });
await server.start();
process.stdout.write(`${server.pid}\n`);
setInterval(() => undefined, 60_000);
