import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { type Fact, FACTS, type Receipt } from './sense.js';

/** A measured fact in words, and below it what the software wrote down; one that this page has no words for, by its name. */
export function FactWords({ fact: { fact, value, holds } }: { readonly fact: Receipt['measured'][number] }) {
  const t = useTranslations('residency.facts');
  const known = FACTS.find((each): each is Fact => each === fact);
  return (
    <>
      {known ? t(`${known}.${holds ? 'name' : 'broken'}`) : <span lang="en">{fact}</span>}
      <Text size="sm" c="dimmed" lang="en" className="plain">
        {value}
      </Text>
    </>
  );
}
