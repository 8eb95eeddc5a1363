import { statSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** Those that start most processes first: what is left at the end is short, and both workers are busy until then. */
const ORDER = ['drills', 'e2e', 'browser', 'contract', 'residency', 'architecture', 'unit'];

/** Order of the spec files: by project, then the long ones first, on every machine alike; Jest's own needs an earlier run to know. */
export default class extends Sequencer {
  sort(tests) {
    const rank = ({ context }) => ORDER.indexOf(context.config.displayName?.name);
    return [...tests].sort((a, b) => rank(a) - rank(b) || statSync(b.path).size - statSync(a.path).size);
  }
}
