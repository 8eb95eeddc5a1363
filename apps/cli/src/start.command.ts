import { portTrouble } from './local/ports.js';
import { banner } from './local/banner.js';
import { LocalStack } from './local/local-stack.js';
import { privateFolders } from './local/private-files.js';
import { localRegions } from './local/region-setup.js';
import type { CliSettings } from './cli-settings.js';
import { stopSignal } from './stop-signal.js';

/**
 * `domicile start`: every region on this machine, until a signal. Progress, the banner and then the logs go to standard output.
 * @param stacks one API process and one worker per region
 * @returns the exit code: 0 when it was asked to stop
 * @throws Error in one sentence when it cannot start, or when one of its processes ended by itself; everything is stopped by then.
 */
export async function start(settings: CliSettings, { stacks = false }: { stacks?: boolean }): Promise<number> {
  // Mail, exports and keys below the home are for its owner alone, whoever of our processes writes them.
  process.umask(0o077);
  const { regions, ports } = localRegions(settings, stacks);
  // Half a configuration of any region is refused before anything of another is made.
  for (const { code } of regions.all) settings.externalDatabase(code);
  await assertFree(new Set([settings.port, ...Object.values(ports)]));
  privateFolders(settings.home);
  const held: string[] = [];
  let log = (line: string): void => void held.push(line);
  const stack = new LocalStack({
    settings,
    regions,
    ports,
    separate: stacks,
    report: (who, what) => print(`${who.padEnd(4)} ${what}`),
    log: (line) => log(line),
  });
  const stopped = stopSignal();
  try {
    const ready = await Promise.race([stack.start().then(() => true), stopped.then(() => false)]);
    if (ready) print(banner(settings, regions, stacks, stack.inboxes));
    held.forEach(print);
    log = print;
    const failure = ready ? await Promise.race([stack.failed, stopped]) : undefined;
    if (failure !== undefined) throw new Error(failure);
    print('Stopping.');
    return 0;
  } catch (error) {
    held.forEach(print);
    throw error;
  } finally {
    await stack.stop();
  }
}

async function assertFree(ports: ReadonlySet<number>): Promise<void> {
  for (const port of ports) {
    const trouble = (await portTrouble(port)) ?? (await portTrouble(port, '127.0.0.1'));
    if (trouble === undefined) continue;
    const why = trouble === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${trouble})`;
    throw new Error(
      `Port ${port} ${why}; stop what listens there or choose another with PORT=…, for example PORT=${port > 60_000 ? 4000 : port + 10}.`,
    );
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
