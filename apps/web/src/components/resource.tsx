import { Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useLocation } from 'wouter';
import { sessionOver } from '../account/leaving.js';
import { ApiProblem } from '../api/problem.js';
import { ProblemAlert } from './problem-alert.js';

interface ResourceProps<T> {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error'> & { readonly refetch: () => unknown };
  readonly children: (value: T) => ReactNode;
  /** Shown instead of what is not there yet; a few grey lines where it is left out. */
  readonly waiting?: ReactNode;
  /** A page around a refusal, where there is none yet. */
  readonly around?: (refusal: ReactNode) => ReactNode;
}

/**
 * What was asked of the API, in each of its states: on its way, refused (with a way to try again), there, and there from before while it
 * cannot be read anew. An ended session leads to sign-in.
 */
export function Resource<T>({ query, children, waiting, around }: ResourceProps<T>) {
  const [path] = useLocation();
  const problem = query.error instanceof ApiProblem ? query.error : undefined;
  const isOver = problem?.code === 'residency.secret_invalid';
  useEffect(() => {
    if (isOver) sessionOver(path);
  }, [isOver, path]);
  const refusal = problem && !isOver && <ProblemAlert problem={problem} onRetry={() => void query.refetch()} />;
  if (query.data !== undefined)
    return (
      <>
        {refusal}
        {children(query.data)}
      </>
    );
  if (refusal) return around ? around(refusal) : refusal;
  return (
    waiting ?? (
      <Stack gap="sm" aria-busy="true" role="status">
        {[70, 90, 55].map((width) => (
          <Skeleton key={width} height={16} width={`${width}%`} />
        ))}
      </Stack>
    )
  );
}

/** What a list says when there is nothing in it, and what to do about that. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack align="center" py="xl" gap="xs">
      <Text fw={600}>{title}</Text>
      {children}
    </Stack>
  );
}
