import { Anchor, Group, NativeSelect, useMantineColorScheme } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { type Language, LANGUAGE_NAMES, LANGUAGES } from '../i18n/catalogues.js';
import { useLanguage } from '../i18n/language.js';
import { region, regions } from '../page.js';

const SCHEMES = { auto: 'system', light: 'light', dark: 'dark' } as const;

/** Language and appearance, the notice, and the way to the other regions. */
export function Footer() {
  const t = useTranslations('common');
  const { language, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group component="footer" className="foot" justify="space-between" gap="md">
      <Group gap="md">
        <Anchor component={Link} href="/privacy" size="sm">
          {t('privacy')}
        </Anchor>
        <Anchor href="/docs" size="sm">
          {t('apiReference')}
        </Anchor>
        {regions
          .filter(({ code }) => code !== region.code)
          .map(({ code, name, origins }) => (
            <Anchor key={code} href={origins.customer} size="sm">
              {t('otherRegion', { region: name })}
            </Anchor>
          ))}
      </Group>
      <Group gap="sm">
        <NativeSelect
          size="xs"
          aria-label={t('language')}
          value={language}
          onChange={({ currentTarget }) => choose(currentTarget.value as Language)}
          data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        />
        <NativeSelect
          size="xs"
          aria-label={t('appearance')}
          value={colorScheme}
          onChange={({ currentTarget }) => setColorScheme(currentTarget.value as keyof typeof SCHEMES)}
          data={Object.entries(SCHEMES).map(([value, word]) => ({ value, label: t(word) }))}
        />
      </Group>
    </Group>
  );
}
