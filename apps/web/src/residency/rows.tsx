import { Group, Stack, Text, Title } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { Mark } from '../components/mark.js';
import { Section } from '../components/section.js';
import type { Receipt } from './sense.js';

type Row = Receipt['account']['rows'][number];

/** Words for a table; a table that this page has none for keeps its name. */
export function useTableWords(): (table: string) => string {
  const t = useTranslations('residency.tables');
  // Names of tables are data here; that each of today's has words, a browser test proves.
  const say = t as unknown as ((key: string) => string) & { has: (key: string) => boolean };
  return (table) => (say.has(table) ? say(table) : table);
}

/** Every table that holds something of the account or its people, and how much of it is at home. */
export function Rows({ receipt: { account } }: { readonly receipt: Receipt }) {
  const t = useTranslations('residency.data');
  const words = useTableWords();
  const format = useFormatter();
  const kinds = (tables: readonly string[]): string => format.list(tables.map(words));
  const empty = account.rows.filter(({ rows }) => rows === 0).map(({ table }) => table);
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Stack gap="lg">
        {(['account', 'people'] as const).map((tie) => (
          <Tied key={tie} tie={tie} rows={account.rows.filter((each) => each.tie === tie && each.rows > 0)} />
        ))}
        <Stack gap="xs" maw="75ch">
          {empty.length > 0 && (
            <Text size="sm" c="dimmed">
              {t('empty', { kinds: kinds(empty) })}
            </Text>
          )}
          {account.notCounted.length > 0 && (
            <Text size="sm" c="dimmed">
              {t('notCounted', { kinds: kinds(account.notCounted) })}
            </Text>
          )}
        </Stack>
      </Stack>
    </Section>
  );
}

function Tied({ tie, rows }: { readonly tie: Row['tie']; readonly rows: readonly Row[] }) {
  const t = useTranslations('residency.data');
  const words = useTableWords();
  const format = useFormatter();
  if (rows.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h5" mb="xs" id={`rows-${tie}`}>
        {t(tie)}
      </Title>
      <table className="rows" aria-labelledby={`rows-${tie}`}>
        <thead>
          <tr>
            <th scope="col">{t('kind')}</th>
            <th scope="col" className="number">
              {t('rows')}
            </th>
            <th scope="col">{t('home')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.table} data-table={row.table}>
              <th scope="row">
                {words(row.table)}
                <Text component="span" display="block" c="dimmed" className="mono" fz="xs">
                  {row.table}
                </Text>
              </th>
              <td className="number">{format.number(row.rows)}</td>
              <td>
                <Group gap={6} wrap="nowrap">
                  <Mark kind={row.home === row.rows ? 'yes' : 'no'} />
                  <Text span size="sm" fw={row.home === row.rows ? undefined : 650}>
                    {row.home === row.rows ? t('homeAll') : t('homeSome', { home: row.home, rows: row.rows })}
                  </Text>
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
