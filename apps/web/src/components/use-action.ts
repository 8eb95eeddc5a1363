import { useRef, useState } from 'react';
import { ApiProblem } from '../api/problem.js';
import { useFocusKept } from './use-focus-kept.js';

export interface Action<A extends readonly unknown[]> {
  /** Does it, unless it is being done already. Resolves to true when it was done. */
  readonly run: (...args: A) => Promise<boolean>;
  readonly pending: boolean;
  /** Why it was refused the last time. */
  readonly problem: ApiProblem | undefined;
  readonly setProblem: (problem: ApiProblem | undefined) => void;
}

/** One thing that a person has done by a button or a form: once at a time, with its refusal kept to be shown. Faults of ours are thrown on. */
export function useAction<A extends readonly unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [fault, setFault] = useState<Error>();
  const busy = useRef(false);
  useFocusKept(pending);
  // Thrown while rendering, where the error boundary catches it.
  if (fault !== undefined) throw fault;
  const run = async (...args: A): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setPending(true);
    setProblem(undefined);
    try {
      await work(...args);
      return true;
    } catch (error) {
      if (error instanceof ApiProblem) setProblem(error);
      else setFault(error instanceof Error ? error : new Error(String(error)));
      return false;
    } finally {
      busy.current = false;
      setPending(false);
    }
  };
  return { run, pending, problem, setProblem };
}
