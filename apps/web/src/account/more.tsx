import { Button, Center } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Paged } from './account-queries.js';

/** The way to the rest of a list; nothing at its end. */
export function More({ list }: { readonly list: Paged }) {
  const t = useTranslations('common');
  if (!list.hasNextPage) return null;
  return (
    <Center mt="md">
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t('more')}
      </Button>
    </Center>
  );
}
