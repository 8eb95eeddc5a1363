import type { BrowserContext, Page } from 'playwright-core';
import { eventually } from '../../support/http.js';
import type { Sent } from './wire.js';

/** Bytes of JavaScript, as transferred, that a page may come with (kB are 1,000). */
export const BUDGETS = { wayIn: 130_000, accountArea: 250_000, frontDoor: 15_000 };

/** What the browser itself measured of a page: printed, never a reason to fail. */
export interface Speed {
  readonly page: string;
  readonly lcpMilliseconds: number;
  readonly cls: number;
  readonly longTasks: number;
  readonly longTaskMilliseconds: number;
  readonly scriptBytes: number;
}

interface Measured {
  lcp: number;
  cls: number;
  tasks: number;
  blocked: number;
}

/** Has every page of the context measure itself from its first moment on. */
export async function installSpeed(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const measured: Measured = { lcp: 0, cls: 0, tasks: 0, blocked: 0 };
    Object.assign(globalThis, { domicileMeasured: measured });
    const watch = (type: string, see: (entry: PerformanceEntry) => void): void =>
      new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
    watch('largest-contentful-paint', ({ startTime }) => (measured.lcp = startTime));
    watch('longtask', ({ duration }) => {
      measured.tasks++;
      measured.blocked += duration;
    });
    watch('layout-shift', (entry) => {
      const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) measured.cls += value;
    });
  });
}

/** What the page has measured since it was loaded. */
export async function speedOf(page: Page, name: string, sent: readonly Sent[]): Promise<Speed> {
  const read = (): Promise<Measured> =>
    page.evaluate(() => (globalThis as unknown as { domicileMeasured: Measured }).domicileMeasured);
  const { lcp, cls, tasks, blocked } = await eventually('a first large paint', async () => {
    const measured = await read();
    return measured.lcp > 0 && measured;
  });
  return {
    page: name,
    lcpMilliseconds: Math.round(lcp),
    cls: Number(cls.toFixed(3)),
    longTasks: tasks,
    longTaskMilliseconds: Math.round(blocked),
    scriptBytes: scriptBytesOf(sent),
  };
}

/** Bytes of JavaScript that came over the wire. */
export function scriptBytesOf(sent: readonly Sent[]): number {
  return sent.filter(({ url }) => url.pathname.endsWith('.js')).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A line a page, to be printed. */
export function speedTable(speeds: readonly Speed[]): string {
  const head = ['page', 'LCP ms', 'CLS', 'long tasks', 'ms', 'JS kB'];
  const rows = speeds.map((each) => [
    each.page,
    String(each.lcpMilliseconds),
    each.cls.toFixed(3),
    String(each.longTasks),
    String(each.longTaskMilliseconds),
    (each.scriptBytes / 1000).toFixed(1),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ');
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
