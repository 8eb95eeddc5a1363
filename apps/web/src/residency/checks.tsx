import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Mark } from '../components/mark.js';
import { Section } from '../components/section.js';
import { CHECKS, type Outcomes } from './judge.js';

const WORDS = { yes: 'ok', no: 'notOk', open: 'open' } as const;

interface ChecksProps {
  readonly outcomes: Outcomes;
  /** Of the key that has signed; left out where none is proven to have. */
  readonly keyId: string | undefined;
}

/** Every check that this browser has made, in order, and the fingerprint that a person can compare herself. */
export function Checks({ outcomes, keyId }: ChecksProps) {
  const t = useTranslations('residency.checks');
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Stack component="ol" className="bare" gap="xs">
        {CHECKS.map((name) => (
          <Group component="li" key={name} wrap="nowrap" align="flex-start" gap="sm" data-check={outcomes[name]}>
            <Mark kind={outcomes[name]} />
            <Text c={outcomes[name] === 'open' ? 'dimmed' : undefined}>
              <VisuallyHidden>{t(WORDS[outcomes[name]])}: </VisuallyHidden>
              {t(name)}
              {outcomes[name] !== 'yes' && (
                <Text component="span" fw={650} aria-hidden="true">
                  {` – ${t(WORDS[outcomes[name]])}`}
                </Text>
              )}
            </Text>
          </Group>
        ))}
      </Stack>
      {keyId !== undefined && (
        <div className="fingerprint">
          <Text size="sm" c="dimmed">
            {t('key')}
          </Text>
          <Text className="mono" data-testid="fingerprint" size="md" fw={600} my={4}>
            {keyId}
          </Text>
          <Text size="sm" maw="65ch">
            {t('compare')}
          </Text>
        </div>
      )}
    </Section>
  );
}
