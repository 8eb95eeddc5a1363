import { Badge, Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormatter, useNow, useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { Confirm } from '../components/confirm.js';
import { EmptyState, Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import { tokensQuery } from './account-queries.js';
import { Needs, useHere } from './here.js';
import { MakeToken } from './make-token.js';
import { More } from '../components/more.js';
import { useAct } from './use-act.js';

type Token = Schemas['TokenView'];

/** Secrets with which programs read the account. */
export function TokensPage() {
  const { isOpen } = useHere();
  const t = useTranslations('account.tokens');
  const [isMaking, setIsMaking] = useState(false);
  const make = isOpen && <Button onClick={() => setIsMaking(true)}>{t('make')}</Button>;
  return (
    <Needs permission="tokens.manage" title={t('title')}>
      <Page title={t('title')} lead={t('lead')} aside={make}>
        <Tokens />
        {isMaking && <MakeToken onClose={() => setIsMaking(false)} />}
      </Page>
    </Needs>
  );
}

function Tokens() {
  const { id } = useHere();
  const t = useTranslations('account.tokens');
  const tokens = useInfiniteQuery(tokensQuery(id));
  const [revoking, setRevoking] = useState<Token>();
  return (
    <Section title={t('list')}>
      <Resource query={tokens}>
        {({ pages }) =>
          pages[0]?.tokens.length ? (
            <>
              <ul className="listing">
                {pages.flatMap((page) =>
                  page.tokens.map((token) => (
                    <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
                  )),
                )}
              </ul>
              <More list={tokens} />
            </>
          ) : (
            <EmptyState title={t('none')}>
              <Text c="dimmed" ta="center" maw="50ch">
                {t('noneText')}
              </Text>
            </EmptyState>
          )
        }
      </Resource>
      {revoking && <Revoke token={revoking} onClose={() => setRevoking(undefined)} />}
    </Section>
  );
}

function TokenRow({ token, onRevoke }: { readonly token: Token; readonly onRevoke: () => void }) {
  const { isOpen } = useHere();
  const t = useTranslations('account.tokens');
  const format = useFormatter();
  const now = useNow();
  const { name, scopes, lastUsedAt, expiresAt } = token;
  const date = (text: string): string => format.dateTime(new Date(text), { dateStyle: 'medium' });
  const isOver = new Date(expiresAt) <= now;
  return (
    <li>
      <div className="line-main">
        <Text fw={600} component="p">
          {name}
        </Text>
        <Text size="xs" c="dimmed" component="p">
          {t(isOver ? 'expired' : 'expires', { date: date(expiresAt) })} ·{' '}
          {lastUsedAt === null ? t('unused') : t('used', { date: date(lastUsedAt) })}
        </Text>
        <Group gap={6} mt={6}>
          {scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500}>
              {scope}
            </Badge>
          ))}
        </Group>
      </div>
      {isOpen && (
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={onRevoke}
            aria-label={t('revokeOf', { name })}
          >
            {t('revoke')}
          </Button>
        </Group>
      )}
    </li>
  );
}

function Revoke({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const { id } = useHere();
  const t = useTranslations('account.tokens');
  const action = useAct(async () => {
    const params = { path: { id, tokenId: token.id } };
    await answered(api.DELETE('/v1/accounts/{id}/tokens/{tokenId}', { params }));
    toast(t('revoked'));
    onClose();
  });
  const { name } = token;
  return (
    <Confirm opened onClose={onClose} title={t('revokeOf', { name })} act={t('revoke')} action={action}>
      {t('revokeText')}
    </Confirm>
  );
}
