import { useLocation } from 'wouter';
import { ApiProblem } from '../api/problem.js';
import { type Action, useAction } from '../components/use-action.js';
import { sessionOver } from './leaving.js';

/** Something that a person does behind the sign-in: leads there, and back to this page afterwards, when her session is over. */
export function useSignedInAction<A extends readonly unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [path] = useLocation();
  return useAction(async (...args: A) => {
    try {
      await work(...args);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'residency.secret_invalid') sessionOver(path);
      throw error;
    }
  });
}
