import { Button, Group, NativeSelect, SegmentedControl, Select, Stack, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { useSignedInAction } from '../account/use-signed-in-action.js';
import { answered, api } from '../api/client.js';
import { Page } from '../components/area-frame.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Resource } from '../components/resource.js';
import { Section } from '../components/section.js';
import { toast } from '../components/toast.js';
import type { Action } from '../components/use-action.js';
import { usePersonalField } from '../components/use-words.js';
import { type Language, LANGUAGE_NAMES, LANGUAGES } from '../i18n/catalogues.js';
import { deviceTimeZone, useLanguage } from '../i18n/language.js';
import { preferencesQuery } from './queries.js';
import { useRefetchWhenStale } from './use-refetch-when-stale.js';

/** How pages and mails speak to her. */
export function PreferencesPage() {
  const t = useTranslations('person.preferences');
  const nav = useTranslations('account.nav');
  const { choose } = useLanguage();
  const query = useQuery(preferencesQuery);
  const client = useQueryClient();
  const orRefetch = useRefetchWhenStale(preferencesQuery.queryKey);
  // Of the page and not of the form: a refusal stays when what holds now is shown instead.
  const change = useSignedInAction((body: Chosen) =>
    orRefetch(async () => {
      const params = { header: { 'If-Match': query.data?.etag ?? '' } };
      await answered(api.PATCH('/v1/me/preferences', { params, body }));
      if (body.language !== query.data?.value.language) choose(body.language);
      toast(t('saved'));
      // Name and preferences stand in one row, so that both have its version.
      await client.invalidateQueries({ queryKey: ['me'] });
    }),
  );
  return (
    <Page title={nav('preferences')} lead={t('lead')}>
      <Resource query={query}>
        {({ etag, value }) => <LanguageAndTime key={etag} value={value} action={change} />}
      </Resource>
      <Appearance />
    </Page>
  );
}

/** Every zone that the browser knows, and those that it does not list: the one chosen, and the world's. */
function zones(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen])].sort();
}

interface Chosen {
  readonly language: Language;
  readonly timeZone: string;
}

interface LanguageAndTimeProps {
  readonly value: Schemas['PreferencesView'];
  readonly action: Action<[Chosen]>;
}

function LanguageAndTime({ value, action }: LanguageAndTimeProps) {
  const t = useTranslations('person.preferences');
  const common = useTranslations('common');
  const why = usePersonalField('person.preferences', 'language').why;
  const whyZone = usePersonalField('person.preferences', 'timeZone').why;
  const [language, setLanguage] = useState<Language>(value.language);
  const [timeZone, setTimeZone] = useState(value.timeZone);
  return (
    <Section title={t('languageTitle')}>
      <Stack>
        <NativeSelect
          label={t('language')}
          description={`${t('languageNote')} ${why}`}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
          data={LANGUAGES.map((code) => ({ value: code, label: LANGUAGE_NAMES[code] }))}
        />
        <Select
          label={t('zone')}
          description={`${t('zoneNote')} ${whyZone}`}
          value={timeZone}
          onChange={(zone) => zone !== null && setTimeZone(zone)}
          data={zones(value.timeZone)}
          searchable
          allowDeselect={false}
          maxDropdownHeight={280}
        />
        {timeZone !== deviceTimeZone && (
          <Group gap="sm">
            <Button variant="default" size="xs" onClick={() => setTimeZone(deviceTimeZone)}>
              {t('zoneHere', { zone: deviceTimeZone })}
            </Button>
          </Group>
        )}
        <ProblemAlert problem={action.problem} />
        <Group>
          <Button onClick={() => void action.run({ language, timeZone })} loading={action.pending}>
            {common('save')}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

const SCHEMES = { auto: 'system', light: 'light', dark: 'dark' } as const;

function Appearance() {
  const t = useTranslations('person.preferences');
  const common = useTranslations('common');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={t('appearanceTitle')} lead={t('appearanceNote')}>
      <SegmentedControl
        aria-label={t('appearanceTitle')}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as keyof typeof SCHEMES)}
        data={Object.entries(SCHEMES).map(([value, word]) => ({ value, label: common(word) }))}
      />
    </Section>
  );
}
