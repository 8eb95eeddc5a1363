import { Group, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import { Mark, type MarkKind } from '../components/mark.js';
import { region } from '../page.js';
import { FactWords } from './fact-words.js';
import type { Receipt } from './sense.js';
import type { MeasuredReceipt } from './use-receipt.js';

interface VerdictProps {
  readonly measured: MeasuredReceipt;
  /** What can be done about it. */
  readonly children: ReactNode;
}

/** The one answer that everybody came for, before any detail. */
export function Verdict({ measured: { judgement }, children }: VerdictProps) {
  const t = useTranslations('residency.verdict');
  const values = { region: region.name, owner: region.owner.name };
  if (judgement.kind !== 'trusted')
    return (
      <Banner
        kind={judgement.kind === 'refused' ? 'no' : 'attention'}
        title={t(`${judgement.kind}Title`)}
        text={t(`${judgement.kind}Text`, values)}
      >
        {children}
      </Banner>
    );
  const { receipt } = judgement;
  const rows = receipt.account.rows.reduce((sum, each) => sum + each.rows, 0);
  return receipt.holds ? (
    <Banner kind="yes" title={t('holdsTitle', { region: receipt.issuer.name })} text={t('holdsText', { rows })}>
      <Times receipt={receipt} />
      {children}
    </Banner>
  ) : (
    <Banner kind="no" title={t('brokenTitle')} text={t('brokenText')}>
      <Broken receipt={receipt} />
      <Times receipt={receipt} />
      {children}
    </Banner>
  );
}

interface BannerProps {
  readonly kind: MarkKind;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

function Banner({ kind, title, text, children }: BannerProps) {
  return (
    <section className="verdict" data-kind={kind} role={kind === 'yes' ? 'status' : 'alert'}>
      <Group wrap="nowrap" align="flex-start" gap="lg">
        <Mark kind={kind} size={48} filled />
        <Stack gap="md" miw={0} flex={1}>
          <div>
            <Title order={2} size="h3">
              {title}
            </Title>
            <Text mt={4} maw="65ch">
              {text}
            </Text>
          </div>
          {children}
        </Stack>
      </Group>
    </section>
  );
}

/** The facts that fail, what that means, and who has to answer for it. */
function Broken({ receipt }: { readonly receipt: Receipt }) {
  const t = useTranslations('residency.verdict');
  const { name, owner } = receipt.issuer;
  return (
    <Stack gap="sm" maw="65ch">
      <div>
        <Text fw={650}>{t('brokenWhat')}</Text>
        <List spacing={4} mt={4}>
          {receipt.measured
            .filter(({ holds }) => !holds)
            .map((fact) => (
              <List.Item key={fact.fact}>
                <FactWords fact={fact} />
              </List.Item>
            ))}
        </List>
      </div>
      <div>
        <Text fw={650}>{t('brokenMeans')}</Text>
        <Text>{t('brokenMeansText', { region: name })}</Text>
      </div>
      <div>
        <Text fw={650}>{t('brokenAsk')}</Text>
        <Text>{t('brokenAskText', { owner: owner.name, country: owner.country })}</Text>
      </div>
    </Stack>
  );
}

function Times({ receipt: { issuedAt, validUntil } }: { readonly receipt: Receipt }) {
  const t = useTranslations('residency.verdict');
  const format = useFormatter();
  const now = useNow({ updateInterval: 1000 * 10 });
  const issued = new Date(issuedAt);
  return (
    <Group component="dl" m={0} gap="xl" className="times">
      <div>
        <dt>{t('issued')}</dt>
        <dd>{format.dateTime(issued, { dateStyle: 'medium', timeStyle: 'medium' })}</dd>
      </div>
      <div>
        <dt>{t('age')}</dt>
        <dd>{format.relativeTime(issued, { now: now < issued ? issued : now })}</dd>
      </div>
      <div>
        <dt>{t('shown')}</dt>
        <dd>{format.dateTime(new Date(validUntil), { dateStyle: 'medium', timeStyle: 'short' })}</dd>
      </div>
    </Group>
  );
}
