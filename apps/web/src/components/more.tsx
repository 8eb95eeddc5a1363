import { Button } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ApiProblem } from '../api/problem.js';
import { ProblemAlert } from './problem-alert.js';

/** The way to the next page of a list that goes on by cursor; nothing at its end. */
export function More({ query }: { readonly query: UseInfiniteQueryResult<unknown> }) {
  const t = useTranslations('common');
  if (!query.hasNextPage) return null;
  const problem = query.error instanceof ApiProblem ? query.error : undefined;
  return (
    <>
      <ProblemAlert problem={problem} />
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('more')}
      </Button>
    </>
  );
}
