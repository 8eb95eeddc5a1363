import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiSettings, createEventLog, regionLogFile, regionLogs, SettingsError } from '@domicile/runtime';

type Served = Parameters<typeof regionLogs>[0];

describe('the log of a region', () => {
  let folder: string;
  const home = (code: string): string => join(folder, code);
  const settings = (topology: ApiSettings['topology'], codes = ['eu', 'us']): Served => ({
    topology,
    regions: codes.map((code) => ({ code, home: home(code) })),
  });
  const mode = (path: string): number => statSync(path).mode & 0o777;
  const text = (code: string): string => readFileSync(regionLogFile(home(code)), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-logs-'));
    for (const code of ['eu', 'us']) mkdirSync(home(code));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is a file below its own home, for its owner alone, and holds what is of the region and nothing else', () => {
    const general: string[] = [];
    const log = createEventLog({ write: (line) => general.push(line) }, regionLogs(settings('combined'), fail));
    log.event('outbox.failed', { region: 'eu' });
    log.event('outbox.away', { region: 'us' });
    log.event('api.listening');
    expect([text('eu'), text('us'), general.join('')].map(events)).toEqual([
      ['outbox.failed'],
      ['outbox.away'],
      ['api.listening'],
    ]);
    for (const code of ['eu', 'us'])
      expect([mode(join(home(code), 'logs')), mode(regionLogFile(home(code)))]).toEqual([0o700, 0o600]);
  });

  it('is continued by the next process, taken back from others, and put aside when it is long', () => {
    const write = (): void =>
      createEventLog(undefined, regionLogs(settings('combined'), fail)).event('a.a', { region: 'eu' });
    const file = regionLogFile(home('eu'));
    mkdirSync(join(home('eu'), 'logs'), { mode: 0o755 });
    writeFileSync(file, '{"event":"b.b"}\n', { mode: 0o644 });
    write();
    expect([events(text('eu')), mode(file), mode(join(home('eu'), 'logs'))]).toEqual([['b.b', 'a.a'], 0o600, 0o700]);
    writeFileSync(file, `${'x'.repeat(16 * 1024 * 1024)}\n`);
    write();
    expect([events(text('eu')), statSync(`${file}.1`).size]).toEqual([['a.a'], 16 * 1024 * 1024 + 1]);
  });

  it('is standard output where the process serves one region', () => {
    expect(regionLogs(settings('separate', ['eu']), fail).size).toBe(0);
    expect(existsSync(join(home('eu'), 'logs'))).toBe(false);
  });

  it('is not made in a home that is not there: the setting is wrong', () => {
    rmSync(home('us'), { recursive: true });
    expect(() => regionLogs(settings('combined'), fail)).toThrow(SettingsError);
    expect(() => regionLogs(settings('combined'), fail)).toThrow(/- DOMICILE_US_HOME names a folder that is not there/);
    expect(existsSync(home('us'))).toBe(false);
  });

  it('that cannot be written is said, and neither ends the process nor sends the line elsewhere', () => {
    const general: string[] = [];
    const faults: string[] = [];
    const sinks = regionLogs(settings('combined'), (region) => faults.push(region));
    closeDescriptorOf(regionLogFile(home('eu')));
    const log = createEventLog({ write: (line) => general.push(line) }, sinks);
    log.event('a.a', { region: 'eu' });
    log.event('a.a', { region: 'us' });
    expect([faults, general, events(text('us'))]).toEqual([['eu'], [], ['a.a']]);
  });
});

function events(lines: string): string[] {
  const each = lines.split('\n').filter((line) => line !== '');
  return each.map((line) => (JSON.parse(line) as { event: string }).event);
}

function fail(region: string): void {
  throw new Error(`The log of ${region} could not be written.`);
}

/** As if the disk refused: nothing can be written through this process's handle of the file any more. */
function closeDescriptorOf(file: string): void {
  const { ino } = statSync(file);
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      if (fstatSync(Number(name)).ino === ino) closeSync(Number(name));
    } catch {
      // The handle by which the folder was listed.
    }
  }
}
