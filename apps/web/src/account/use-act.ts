import { useLocation } from 'wouter';
import { ApiProblem } from '../api/problem.js';
import { useWithProof } from '../components/proof.js';
import { type Action, useAction } from '../components/use-action.js';
import { accountChanged } from './account-queries.js';
import { useHere } from './here.js';
import { sessionOver } from './leaving.js';

/**
 * Something that a person does in the account that is open: asks for a fresh proof where one is wanted, shows afterwards what holds now, and
 * leads to the sign-in when her session is over. A refused right is read anew as well: it may have been taken away meanwhile.
 */
export function useAct<A extends readonly unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const withProof = useWithProof();
  const [path] = useLocation();
  const { id } = useHere();
  return useAction(async (...args: A) => {
    try {
      await withProof(() => work(...args));
    } catch (error) {
      if (error instanceof ApiProblem) {
        if (error.code === 'residency.secret_invalid') sessionOver(path);
        else if (error.status === 403 || error.status === 404) void accountChanged(id);
      }
      throw error;
    }
    await accountChanged(id);
  });
}
