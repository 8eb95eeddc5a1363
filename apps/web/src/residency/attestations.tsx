import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { Fact, Facts } from '../components/facts.js';
import { Mark } from '../components/mark.js';
import { Section } from '../components/section.js';
import { FactWords } from './fact-words.js';
import type { Receipt } from './sense.js';

/** What the software has measured, each with its time: solid lines. */
export function Measurements({ receipt: { measured } }: { readonly receipt: Receipt }) {
  const t = useTranslations('residency.facts');
  const checks = useTranslations('residency.checks');
  const format = useFormatter();
  return (
    <Section title={t('measured')} lead={t('measuredText')}>
      <Stack component="ul" className="bare" gap="md">
        {measured.map((fact) => (
          <Group component="li" key={fact.fact} wrap="nowrap" align="flex-start" gap="sm">
            <Mark kind={fact.holds ? 'yes' : 'no'} />
            <Text component="div" flex={1} miw={0} fw={fact.holds ? undefined : 650}>
              <VisuallyHidden>{checks(fact.holds ? 'ok' : 'notOk')}: </VisuallyHidden>
              <FactWords fact={fact} />
              <Text size="xs" c="dimmed" hiddenFrom="sm">
                <Time at={fact.measuredAt} />
              </Text>
            </Text>
            <Text size="sm" c="dimmed" visibleFrom="sm">
              {format.dateTime(new Date(fact.measuredAt), { timeStyle: 'medium' })}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

function Time({ at }: { readonly at: string }) {
  return useFormatter().dateTime(new Date(at), { timeStyle: 'medium' });
}

const NAMES = {
  owner: 'says_owner',
  jurisdiction: 'says_jurisdiction',
  'data centres': 'says_centres',
  place: 'says_place',
} as const;

/** What the operator says and no software can measure: dashed, and with who says it. */
export function Attestations({ receipt: { attested } }: { readonly receipt: Receipt }) {
  const t = useTranslations('residency.facts');
  const by = [...new Set(attested.map((each) => each.by))];
  return (
    <Section title={t('attested')} lead={t('attestedText')}>
      <div className="attested">
        <Facts>
          {attested.map(({ fact, value }) => (
            <Fact key={fact} name={fact in NAMES ? t(NAMES[fact as keyof typeof NAMES]) : fact}>
              <span lang="en">{value}</span>
            </Fact>
          ))}
        </Facts>
        {by.map((each) => (
          <Text key={each} size="sm" mt="md" fs="italic">
            {t('says', { by: each })}
          </Text>
        ))}
      </div>
    </Section>
  );
}
