/** Preloaded into a server (`--import …/event-loop.mjs?to=FILE`): writes the p99 of its event loop's delay, in milliseconds, when it ends. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MILLISECONDS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
const file = new URL(import.meta.url).searchParams.get('to');

// Not before it serves: its start is one long turn.
setTimeout(() => delay.enable(), 10_000).unref();
process.on('exit', () => writeFileSync(file, String(delay.percentile(99) / 1e6 - RESOLUTION_MILLISECONDS)));
