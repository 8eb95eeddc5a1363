import { Group, SimpleGrid, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { Mark, type MarkKind } from '../../components/mark.js';

type Factors = Schemas['FactorsView'];
type Standing = 'strong' | 'good' | 'weak' | 'elsewhere';

const MARKS: Readonly<Record<Standing, MarkKind>> = {
  strong: 'yes',
  good: 'yes',
  weak: 'attention',
  elsewhere: 'open',
};

function standingOf({ passkeys, hasTotp, hasPassword }: Factors): Standing {
  if (passkeys.length > 0) return 'strong';
  if (hasTotp) return 'good';
  return hasPassword ? 'weak' : 'elsewhere';
}

/** What protects her now, and the one thing that would protect her better. */
export function Advice({ factors }: { readonly factors: Factors }) {
  const t = useTranslations('person.security');
  const standing = standingOf(factors);
  const hasSecond = factors.passkeys.length > 0 || factors.hasTotp;
  const { passkeys, hasTotp, hasPassword, recoveryCodesLeft } = factors;
  return (
    <section className="verdict" data-kind={MARKS[standing]} aria-labelledby="advice">
      <Group wrap="nowrap" align="flex-start" gap="lg">
        <Mark kind={MARKS[standing]} size={48} filled />
        <Stack gap="md" miw={0} flex={1}>
          <div>
            <Text size="sm" c="dimmed">
              {t('adviceTitle')}
            </Text>
            <Title order={2} size="h3" id="advice">
              {t(standing)}
            </Title>
            <Text mt={4} maw="65ch">
              {t(`${standing}Text`)}
            </Text>
            {hasSecond && recoveryCodesLeft === 0 && (
              <Text mt="xs" maw="65ch" fw={600}>
                {t('codesMissing')}
              </Text>
            )}
          </div>
          <SimpleGrid component="ul" className="bare" cols={{ base: 1, xs: 2 }} spacing="xs">
            <Has words={t('factors.passkeys', { count: passkeys.length })} there={passkeys.length > 0} />
            <Has words={t('factors.totp')} there={hasTotp} />
            <Has words={t('factors.codes', { count: recoveryCodesLeft })} there={recoveryCodesLeft > 0} />
            <Has words={t('factors.password')} there={hasPassword} />
          </SimpleGrid>
        </Stack>
      </Group>
    </section>
  );
}

function Has({ words, there }: { readonly words: string; readonly there: boolean }) {
  const t = useTranslations('person.security');
  return (
    <Group component="li" gap="xs" wrap="nowrap">
      <Mark kind={there ? 'yes' : 'open'} />
      <Text size="sm">
        {words}
        <VisuallyHidden>, {t(there ? 'on' : 'off')}</VisuallyHidden>
      </Text>
    </Group>
  );
}
