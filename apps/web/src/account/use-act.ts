import { ApiProblem } from '../api/problem.js';
import { useWithProof } from '../components/proof.js';
import type { Action } from '../components/use-action.js';
import { accountChanged } from './account-queries.js';
import { useHere } from './here.js';
import { useSignedInAction } from './use-signed-in-action.js';

/**
 * Something that a person does in the account that is open: asks for a fresh proof where one is wanted, and shows afterwards what holds now.
 * A refused right is read anew as well: it may have been taken away meanwhile.
 */
export function useAct<A extends readonly unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const withProof = useWithProof();
  const { id } = useHere();
  return useSignedInAction(async (...args: A) => {
    try {
      await withProof(() => work(...args));
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) void accountChanged(id);
      throw error;
    }
    await accountChanged(id);
  });
}
