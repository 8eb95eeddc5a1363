import { statSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** What runs one after the other. Those that start most processes come first: what is left at the end is short, and both workers are busy until then. */
const ORDER = [['drills'], ['e2e', 'browser'], ['contract'], ['residency'], ['architecture'], ['unit']];

/** Order of the spec files: by project, then the long ones first, on every machine alike; Jest's own needs an earlier run to know. */
export default class extends Sequencer {
  sort(tests) {
    const sized = tests.map((test) => ({ test, size: statSync(test.path).size }));
    const of = (name) =>
      sized.filter(({ test }) => test.context.config.displayName?.name === name).toSorted((a, b) => b.size - a.size);
    const known = ORDER.flatMap((names) => abreast(names.map(of)));
    return [...known, ...sized.filter((each) => !known.includes(each))].map(({ test }) => test);
  }
}

/**
 * Several lists as one, in which each is through about as far as the others: what waits for processes stands beside what has a browser
 * work, so that both cores have something to do.
 */
function abreast(lists) {
  const total = (list) => list.reduce((sum, { size }) => sum + size, 0);
  const placed = lists.flatMap((list) => {
    const all = total(list);
    let done = 0;
    return list.map((each) => {
      const at = done / all;
      done += each.size;
      return { each, at };
    });
  });
  return placed.toSorted((a, b) => a.at - b.at).map(({ each }) => each);
}
