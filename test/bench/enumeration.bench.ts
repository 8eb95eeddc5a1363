import { Contestant } from './contestant.js';
import type { Bench } from './main.js';
import { postRequest } from './population.js';
import { askRequest, freshEmail, knownAddresses } from './signups.js';
import { progress } from './slices.js';
import { areaUnderCurve, finding, generator, interval } from './statistics.js';

/** What a stranger can ask about an address: the request, and the status that known and unknown addresses get alike. */
interface Operation {
  readonly name: string;
  readonly request: (ours: Contestant, email: string) => string;
  readonly expect: number;
}

/** Another operation is one line. */
const OPERATIONS: readonly Operation[] = [
  { name: 'signup', request: askRequest, expect: 202 },
  { name: 'sign-in', request: wrongPassword, expect: 401 },
];

/** Of each kind; what was asked about before takes another time, whoever it is, so both are asked about as often. */
const ADDRESSES = 50;
const REQUESTS_A_SLICE = 40;

/** Whether the time of an answer tells a known address from an unknown one: the area under the curve is 0.5 when it does not. */
export const enumeration: Bench = async ({ load, effort }) => {
  const ours = await Contestant.ours({ hashes: false });
  try {
    const known = await knownAddresses(load, ours, ADDRESSES);
    const unknown = Array.from({ length: ADDRESSES }, freshEmail);
    const found = [];
    for (const { name, request, expect } of OPERATIONS) {
      const times: { known: number; unknown: number }[] = [];
      const random = generator(times.length);
      for (let at = 0; at <= effort.slices; at++) {
        progress(`enumeration, ${name}: round ${at} of ${effort.slices}`);
        // One of each, in a random order of the two, one request at a time: what the machine does meanwhile falls on both alike.
        const pairs = Array.from({ length: REQUESTS_A_SLICE }, () => ({
          emails: [known, unknown].map((all) => all[Math.floor(random() * ADDRESSES)]!),
          knownFirst: random() < 0.5,
        }));
        const requests = pairs.flatMap(({ emails, knownFirst }) =>
          (knownFirst ? emails : emails.toReversed()).map((email) => request(ours, email)),
        );
        const [outcome] = await load.run({
          port: ours.port,
          source: { kind: 'list', requests },
          expect,
          connections: 1,
        });
        const { milliseconds } = outcome!;
        if (at > 0)
          pairs.forEach(({ knownFirst }, i) => {
            const [first, second] = [milliseconds[2 * i]!, milliseconds[2 * i + 1]!];
            times.push(knownFirst ? { known: first, unknown: second } : { known: second, unknown: first });
          });
      }
      const area = (sample: readonly (typeof times)[number][]): number =>
        areaUnderCurve(
          sample.map((each) => each.known),
          sample.map((each) => each.unknown),
        );
      const [low, high] = interval(times, area);
      const ratio = area(times);
      found.push(
        finding(
          { name: `enumeration.${name}`, unit: 'AUC', target: '0.45..0.55', ours: ratio, reference: 0.5 },
          { ratio, low, high },
        ),
      );
    }
    progress('');
    return found;
  } finally {
    await ours.close();
  }
};

/** Wrong whoever is asked: the work that compares is replaced by one that says no. */
function wrongPassword({ host }: Contestant, email: string): string {
  return postRequest(host, '/v1/sessions', { email, password: 'not the right horse battery' });
}
