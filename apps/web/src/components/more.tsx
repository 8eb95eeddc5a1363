import { Button, Center } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ApiProblem } from '../api/problem.js';
import { ProblemAlert } from './problem-alert.js';
import { useFocusKept } from './use-focus-kept.js';

/** What {@link More} needs of a list that goes on by cursor. */
export type Paged = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage' | 'error'>;

/** The way to the next page of a list, with what was refused about it; nothing at its end. */
export function More({ list }: { readonly list: Paged }) {
  const t = useTranslations('common');
  useFocusKept(list.isFetchingNextPage);
  if (!list.hasNextPage) return null;
  const problem = list.error instanceof ApiProblem ? list.error : undefined;
  return (
    <>
      <ProblemAlert problem={problem} />
      <Center mt="md">
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      </Center>
    </>
  );
}
