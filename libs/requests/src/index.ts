import { KeptAnswer } from './idempotency.entity.js';
import { FailureStreak } from './failure-streak.entity.js';
import { RateCount } from './rate-count.entity.js';

/**
 * Requests (floor 2): what holds for every request that changes something, whatever it is about: once under one Idempotency-Key,
 * not too often, and nothing kept longer than it must be.
 * {@link REQUEST_ENTITIES} are its tables, for migrations and the catalogue test.
 */
export const REQUEST_ENTITIES = [FailureStreak, KeptAnswer, RateCount] as const;

export { FailureStreak } from './failure-streak.entity.js';
export { type FailureStreakId, FailureStreaks, type Tried } from './failure-streaks.js';
export { IdempotencyKey, type KeyedRequest, keyOf, withReplayed } from './idempotency-key.js';
export { Idempotency, type Keep, keptNowhere, type Once, type OnceRequest } from './idempotency.js';
export { RateCount } from './rate-count.entity.js';
export { RateLimits } from './rate-limits.js';
export { ReadLimit } from './read-limit.js';
export { RequestsModule, type RequestsOptions } from './requests.module.js';
export { Retention, type RetentionRule } from './retention.js';
