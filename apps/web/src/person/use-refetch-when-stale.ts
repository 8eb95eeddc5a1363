import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/problem.js';

/** Does a change that names a version; where that is not the current one any more, what holds now is read before the refusal is shown. */
export function useRefetchWhenStale(queryKey: QueryKey) {
  const client = useQueryClient();
  return async <T>(change: () => Promise<T>): Promise<T> => {
    try {
      return await change();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) await client.invalidateQueries({ queryKey });
      throw error;
    }
  };
}
