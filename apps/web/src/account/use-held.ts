import { useState } from 'react';
import type { Versioned } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';

/**
 * The value that a form began with, and the saving of what was made of it: nothing that another tab or person changed meanwhile is
 * overwritten unseen. The version is that of the account's whole row, so a conflict counts only where the value itself is another one.
 * @param first what the form began with; later readings do not replace it while somebody types
 * @param read what holds now
 */
export function useHeld<T>(first: Versioned<T>, read: () => Promise<Versioned<T>>) {
  const [held, setHeld] = useState(first);
  const [theirs, setTheirs] = useState<T>();
  const save = async (write: (etag: string) => Promise<Versioned<T>>): Promise<void> => {
    const kept = await write(held.etag).catch(async (error: unknown) => {
      if (!(error instanceof ApiProblem) || error.code !== 'request.precondition_failed') throw error;
      const now = await read();
      if (JSON.stringify(now.value) === JSON.stringify(held.value)) return write(now.etag);
      setHeld(now);
      setTheirs(now.value);
      throw error;
    });
    setHeld(kept);
    setTheirs(undefined);
  };
  return {
    held: held.value,
    /** What somebody else has saved meanwhile; saving once more puts one's own in its place. */
    theirs,
    save,
  };
}
