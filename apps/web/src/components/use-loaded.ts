import { useCallback, useEffect, useState } from 'react';
import { ApiProblem } from '../api/problem.js';

/** What a page asks for as it appears. Neither value nor problem while it is on its way. */
export interface Loaded<T> {
  readonly value?: T;
  readonly problem?: ApiProblem;
  /** Asks again. */
  readonly reload: () => void;
}

/** Loads something once, and again on demand; for the pages before the account area, which has a cache. @param load the same function each time */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'> & { readonly fault?: Error }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    const show = (next: typeof state): void => {
      if (!isOver) setState(next);
    };
    load().then(
      (value) => show({ value }),
      (error: unknown) =>
        show(
          error instanceof ApiProblem
            ? { problem: error }
            : { fault: error instanceof Error ? error : new Error(String(error)) },
        ),
    );
    return () => {
      isOver = true;
    };
  }, [load, turn]);
  const reload = useCallback(() => {
    setState({});
    setTurn((last) => last + 1);
  }, []);
  // Thrown while rendering, where the error boundary catches it.
  if (state.fault !== undefined) throw state.fault;
  return { ...state, reload };
}
