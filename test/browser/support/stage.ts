import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Stage, type StageOptions } from './installed.js';

/** The stage of a spec file: to be called at its top; what it returns gives the stage once tests run. */
export function stage(options: StageOptions = {}): () => Stage {
  let built: Stage | undefined;
  beforeAll(async () => {
    built = await Stage.build(options);
  }, 120_000);
  afterEach(() => built?.curtain());
  afterAll(() => built?.close());
  return () => built!;
}
