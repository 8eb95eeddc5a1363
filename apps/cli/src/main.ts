#!/usr/bin/env node
import { Command } from 'commander';

const NODE_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  fail(
    new Error(
      `Domicile needs Node ${NODE_MAJOR} or newer and this is ${process.version}; on Linux "npm ci" brings it, elsewhere install it first.`,
    ),
  );
}

const program = new Command('domicile').description('The operator’s command of Domicile.').showHelpAfterError();

program
  .command('start')
  .description('run every region on this machine, with embedded databases where none are configured')
  .option('--stacks', 'one API process and one worker per region, each without the settings of the others')
  .action((options: { stacks?: boolean }) =>
    run(async (settings) => (await import('./start.command.js')).start(settings, options)),
  );

program
  .command('init')
  .description('seal an empty external database for a region')
  .requiredOption('--region <code>', 'code of the region')
  .option('--keys', 'the database is to be the key store of the region')
  .requiredOption('--confirm <host:port/database>', 'the database, as the owner’s address names it')
  .action((options: { region: string; confirm: string; keys?: boolean }) =>
    run(async (settings) => (await import('./init.command.js')).init(settings, options)),
  );

program
  .command('migrate')
  .description('bring the schema of a region’s external key store and database up to date')
  .requiredOption('--region <code>', 'code of the region')
  .action((options: { region: string }) =>
    run(async (settings) => (await import('./migrate.command.js')).migrate(settings, options)),
  );

const keys = program.command('keys').description('the wrapping keys of a region');
for (const [action, description] of [
  ['status', 'how many data keys each wrapping key holds'],
  ['rotate', 'make the next wrapping key and wrap every data key anew, while the API runs; repeat it after a failure'],
] as const)
  keys
    .command(action)
    .description(description)
    .requiredOption('--region <code>', 'code of the region')
    .action((options: { region: string }) =>
      run(async (settings) => (await import('./keys.command.js')).keys(settings, { ...options, action })),
    );

const receiptKeys = program.command('receipt-keys').description('the keys that sign a region’s receipts');
for (const [action, description] of [
  ['public', 'print what the region file is to pin as the region’s receiptKeys'],
  ['rotate', 'make the next receipt key of a region and print what to pin'],
] as const)
  receiptKeys
    .command(action)
    .description(description)
    .requiredOption('--region <code>', 'code of the region')
    .action((options: { region: string }) =>
      run(async (settings) =>
        (await import('./receipt-keys.command.js')).receiptKeys(settings, { ...options, action }),
      ),
    );

const oidcClient = program.command('oidc-client').description('the applications that sign people in with a region');
oidcClient
  .command('add')
  .description('register an application; prints its client id, and its secret this once')
  .requiredOption('--region <code>', 'code of the region')
  .requiredOption('--name <words>', 'what people are told who asks')
  .requiredOption('--redirect-uri <uri...>', 'where people are led back to: https, or http on a loopback address')
  .option('--post-logout-redirect-uri <uri...>', 'the same after signing out')
  .option('--public', 'it cannot keep a secret, and gets none')
  .action(
    (options: {
      region: string;
      name: string;
      redirectUri: string[];
      postLogoutRedirectUri?: string[];
      public?: boolean;
    }) =>
      run(async (settings) =>
        (await import('./oidc.command.js')).addOidcClient(settings, options.region, {
          name: options.name,
          redirectUris: options.redirectUri,
          postLogoutRedirectUris: options.postLogoutRedirectUri ?? [],
          isPublic: options.public ?? false,
        }),
      ),
  );
oidcClient
  .command('list')
  .description('the registered applications of a region')
  .requiredOption('--region <code>', 'code of the region')
  .action((options: { region: string }) =>
    run(async (settings) => (await import('./oidc.command.js')).listOidcClients(settings, options.region)),
  );
oidcClient
  .command('remove')
  .description('remove an application: its tokens are worth nothing from now on')
  .requiredOption('--region <code>', 'code of the region')
  .requiredOption('--id <client id>', 'as add printed it')
  .action((options: { region: string; id: string }) =>
    run(async (settings) => (await import('./oidc.command.js')).removeOidcClient(settings, options.region, options.id)),
  );
program
  .command('oidc-keys')
  .description('the keys that sign a region’s ID tokens')
  .command('rotate')
  .description('make the next key; the API signs with it from its next start on')
  .requiredOption('--region <code>', 'code of the region')
  .action((options: { region: string }) =>
    run(async (settings) => (await import('./oidc.command.js')).rotateOidcKeys(settings, options.region)),
  );
const mail = program.command('mail').description('what waits in a region’s outbox, and what was given up');
mail
  .command('status')
  .description('how many mails wait and how many were given up, with their ids; exit code 1 when some were')
  .option('--region <code>', 'code of the region; every one where it is left out')
  .action((options: { region?: string }) =>
    run(async (settings) => (await import('./mail.command.js')).mail(settings, { ...options, action: 'status' })),
  );
mail
  .command('retry')
  .description('try again what was given up')
  .requiredOption('--region <code>', 'code of the region')
  .argument('[ids...]', 'ids of the mails; all that were given up where they are left out')
  .action((items: string[], options: { region: string }) =>
    run(async (settings) => (await import('./mail.command.js')).mail(settings, { ...options, items, action: 'retry' })),
  );

await program.parseAsync();

/** Loads the rest only now: an old Node gets its sentence, and not a syntax error from a library. */
async function run(command: (settings: import('./cli-settings.js').CliSettings) => Promise<number>): Promise<void> {
  try {
    const { cliSettings } = await import('./cli-settings.js');
    process.exit(await command(cliSettings(process.env)));
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`domicile: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
