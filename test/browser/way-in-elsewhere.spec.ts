import { describe, it } from '@jest/globals';
import { stage } from './support/stage.js';
import { JOURNEYS } from './support/way-in-journeys.js';

const on = stage();

describe('a longer way in', () => {
  it.each(JOURNEYS.map((journey) => ({ ...journey, at: journey.at === 'eu' ? 'us' : 'eu' })))(
    '$title, in $at',
    ({ at, go }) => go(on(), at),
  );
});
