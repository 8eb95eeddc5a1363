import type { OnApplicationShutdown } from '@nestjs/common';
import { JobFault } from '../job-child.js';
import { JobProcess, startBareChild, type StartChild } from '../job-process.js';
import type { EventLog } from '../log.js';
import { builtProgram } from '../project-root.js';
import type { OutboundAnswer, OutboundReason, OutboundRequest, Reach } from './calls.js';
import type { OutboundJob } from './child.js';

const ENTRY = builtProgram('libs/runtime/src/outbound/child.js');

/** A deadline is 30 s at most; a child that is late by more than that hangs. */
const HUNG_MILLISECONDS = 45_000;

/** A call to the outside failed: it was not permitted, or nobody answered as they should in time. It names no target. */
export class OutboundError extends Error {
  constructor(readonly reason: OutboundReason) {
    super(
      reason === 'refused'
        ? 'A call to the outside was not made: its target is no https address of a permitted network.'
        : 'A call to the outside was not answered, or not as it must be, in time.',
    );
    this.name = 'OutboundError';
  }
}

/** What outbound calls need from the process. */
export interface OutboundOptions {
  readonly log: EventLog;
  /** How each served region reaches the outside, by its code. */
  readonly reaches: Readonly<Record<string, Reach>>;
  readonly startChild?: StartChild;
}

/**
 * The one way from a serving process to hosts that a customer names. Every call is made by a child of its own that holds nothing: this
 * process itself stays shut but for its databases (law L9, decision 038), and what a stranger's server does to a client is done where
 * there is nothing to take. The child is started at the first call.
 */
export class Outbound implements OnApplicationShutdown {
  readonly #jobs: JobProcess;

  constructor(private readonly options: OutboundOptions) {
    const { log, startChild } = options;
    const start = startChild ?? startBareChild(ENTRY);
    this.#jobs = new JobProcess({ name: 'outbound', log, startChild: start, hungMilliseconds: HUNG_MILLISECONDS });
  }

  /** Process id of the latest child; undefined when none was started. */
  get pid(): number | undefined {
    return this.#jobs.pid;
  }

  /**
   * One HTTPS request by the region's rules; redirects are answered and not followed. @param region its code
   * @throws OutboundError; Problem server.unavailable when the child ends first
   */
  async request(region: string, request: OutboundRequest, milliseconds: number): Promise<OutboundAnswer> {
    return (await this.#run({ kind: 'request', request, reach: this.#reach(region), milliseconds })) as OutboundAnswer;
  }

  /** The texts of a name's TXT records, none when there are none. @throws as {@link request} */
  async texts(region: string, name: string, milliseconds: number): Promise<readonly string[]> {
    return (await this.#run({ kind: 'texts', name, reach: this.#reach(region), milliseconds })) as string[];
  }

  onApplicationShutdown(): Promise<void> {
    return this.#jobs.stop();
  }

  async #run(job: OutboundJob): Promise<unknown> {
    try {
      return await this.#jobs.run(job);
    } catch (error) {
      if (error instanceof JobFault) throw new OutboundError(error.reason === 'refused' ? 'refused' : 'away');
      throw error;
    }
  }

  #reach(region: string): Reach {
    const reach = this.options.reaches[region];
    if (!reach) throw new OutboundError('refused');
    return reach;
  }
}
