import { Button, Center, List, Loader, Stack, Text } from '@mantine/core';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useParams } from 'wouter';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Sheet } from '../components/sheet.js';
import { type Action, useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { useLoaded } from '../components/use-loaded.js';
import { OfThisRegion } from './of-this-region.js';
import { ForWhoIsHere, SignedInAs } from './who.js';

type Interaction = Schemas['OidcInteractionView'];

/** An application asks for a person: who it is and what it would learn, before anything is given to it. */
export function Application() {
  const { id = '' } = useParams<{ id: string }>();
  const path = `/applications/${id}`;
  return (
    <OfThisRegion id={id} path={path}>
      <Asked id={id} path={path} />
    </OfThisRegion>
  );
}

function Asked({ id, path }: { readonly id: string; readonly path: string }) {
  const t = useTranslations('wayIn.application');
  const load = useCallback(() => answered(api.GET('/v1/oidc-interactions/{id}', { params: { path: { id } } })), [id]);
  const { value: interaction, problem, reload } = useLoaded(load);
  const decline = useDecision('/v1/oidc-interactions/{id}/abort', id);
  if (!interaction)
    return (
      <Sheet title={problem ? t('overTitle') : t('loadingTitle')}>
        {problem ? (
          <ProblemAlert problem={problem} onRetry={reload} />
        ) : (
          <Center mih="6rem">
            <Loader />
          </Center>
        )}
      </Sheet>
    );
  const { name, host } = interaction.client;
  return (
    <Sheet title={t('title', { name })} lead={t('lead', { host })}>
      <Learns interaction={interaction} />
      <ForWhoIsHere path={path} why={t('why', { name })}>
        {(me) => (
          <Stack gap="md">
            <SignedInAs me={me} path={path} />
            <Agree id={id} name={name} />
          </Stack>
        )}
      </ForWhoIsHere>
      <Button variant="default" loading={decline.pending} onClick={() => void decline.run()}>
        {t('decline')}
      </Button>
      <ProblemAlert problem={decline.problem} />
    </Sheet>
  );
}

function Agree({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useTranslations('wayIn.application');
  const agree = useDecision('/v1/oidc-interactions/{id}/consent', id);
  return (
    <>
      <Button loading={agree.pending} onClick={() => void agree.run()}>
        {t('agree', { name })}
      </Button>
      <ProblemAlert problem={agree.problem} />
    </>
  );
}

const KNOWN = ['openid', 'profile', 'email', 'offline_access'] as const;

/** What the application would learn, in words; and that it does not learn the address where that was not asked for. */
function Learns({ interaction: { scopes, loginHint, client } }: { readonly interaction: Interaction }) {
  const t = useTranslations('wayIn.application');
  const known = KNOWN.filter((scope) => scopes.includes(scope));
  const others = scopes.filter((scope) => !(KNOWN as readonly string[]).includes(scope));
  return (
    <section aria-label={t('learns', { name: client.name })}>
      <Text fw={600} mb="xs">
        {t('learns', { name: client.name })}
      </Text>
      <List spacing="xs" size="sm">
        {known.map((scope) => (
          <List.Item key={scope}>{t(`scopes.${scope}`)}</List.Item>
        ))}
        {others.map((scope) => (
          <List.Item key={scope}>{t('scopes.other', { scope })}</List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed" mt="xs">
        {scopes.includes('email') ? t('nothingElse') : t('noAddress')}
      </Text>
      {loginHint !== null && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('expects', { who: loginHint })}
        </Text>
      )}
    </section>
  );
}

/** Decides, and goes on to where the issuer leads back to the application. */
function useDecision(
  path: '/v1/oidc-interactions/{id}/consent' | '/v1/oidc-interactions/{id}/abort',
  id: string,
): Action<[]> {
  const keyFor = useKey();
  return useAction(async () => {
    const params = { path: { id }, header: keyFor(path) };
    const { continueAt } = await answered(api.POST(path, { params }));
    location.assign(continueAt);
  });
}
