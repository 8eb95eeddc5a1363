import { Badge } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { Fact, Facts } from '../components/facts.js';
import { Section } from '../components/section.js';
import type { Receipt } from './sense.js';

/** Region, law, owner, installation and database: whatever identifies the place. */
export function Place({ receipt }: { readonly receipt: Receipt }) {
  const t = useTranslations('residency.place');
  const format = useFormatter();
  const { issuer, stack, environment, topology, database, account } = receipt;
  const isSeparate = topology === 'separate';
  return (
    <Section title={t('title')}>
      <Facts>
        <Fact name={t('region')}>
          {issuer.name} <span className="mono">({issuer.region})</span>
        </Fact>
        <Fact name={t('jurisdiction')}>
          <span lang="en">{issuer.jurisdiction}</span>
        </Fact>
        <Fact name={t('owner')}>
          {issuer.owner.name} ({issuer.owner.country})
        </Fact>
        <Fact name={t('database')} note={database === null ? t('databaseNone') : undefined}>
          <span className="mono">{database?.database ?? '–'}</span>
        </Fact>
        {database && (
          <>
            <Fact name={t('server')}>
              <span className="mono">{database.systemIdentifier}</span>
            </Fact>
            <Fact name={t('marker')}>
              {t('markerText', {
                date: format.dateTime(new Date(database.sealedAt), { dateStyle: 'long', timeStyle: 'short' }),
                epoch: database.epoch,
              })}
            </Fact>
          </>
        )}
        <Fact name={t('account')}>
          <span className="mono">{account.id}</span>
        </Fact>
        <Fact name={t('dataKey')} note={t('dataKeyText')}>
          <span className="mono">{account.dataKey}</span>
        </Fact>
        <Fact name={t('stack')}>
          <span className="mono">{stack}</span>
        </Fact>
        <Fact name={t('environment')}>
          <Badge variant="default" tt="none" radius="sm">
            {environment}
          </Badge>
        </Fact>
        <Fact name={t('topology')} note={isSeparate ? undefined : t('combinedNote')}>
          {t(isSeparate ? 'separate' : 'combined')}
        </Fact>
      </Facts>
    </Section>
  );
}
