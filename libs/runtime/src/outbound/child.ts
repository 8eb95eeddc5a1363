import type { Done } from '../job-child.js';
import { CallError, type OutboundRequest, type Reach, request, textRecords } from './calls.js';

/** One call, as it comes to the child. */
export type OutboundJob = { readonly milliseconds: number } & (
  | { readonly kind: 'request'; readonly request: OutboundRequest; readonly reach: Reach }
  | { readonly kind: 'texts'; readonly name: string; readonly reach: Reach }
);

/**
 * The outbound process: started by `Outbound`, told what to call by messages, ended by the end of its parent. It holds no address of a
 * database, no key, no setting and nobody's data but what one call carries, and writes nothing anywhere.
 */
async function carryOut(job: OutboundJob & { readonly id: number }): Promise<Done> {
  const { id, reach, milliseconds } = job;
  try {
    if (job.kind === 'request') return { id, value: await request(job.request, reach, milliseconds) };
    return { id, value: await textRecords(job.name, reach.dnsServers, milliseconds) };
  } catch (error) {
    return { id, fault: error instanceof CallError ? error.reason : 'away' };
  }
}

// A signal to the whole group is for the parent to answer.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (job: OutboundJob & { readonly id: number }) => {
  void carryOut(job).then((done) => process.connected && process.send!(done));
});
