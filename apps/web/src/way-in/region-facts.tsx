import { Anchor, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../i18n/language.js';
import { region, regions } from '../page.js';

/** What the chosen region means, in the words of its operator, and the ways to the others. */
export function RegionFacts() {
  const t = useTranslations('wayIn.region');
  const { language } = useLanguage();
  const country = new Intl.DisplayNames([language], { type: 'region' }).of(region.owner.country);
  const others = regions.filter(({ code }) => code !== region.code);
  const facts = [
    { name: t('where'), fact: region.dataCentres, language: 'en' },
    { name: t('law'), fact: region.jurisdiction, language: 'en' },
    { name: t('owner'), fact: t('ownerOf', { name: region.owner.name, country: country ?? region.owner.country }) },
  ];
  return (
    <section className="facts" aria-label={t('title', { region: region.name })}>
      <Text fw={600}>{t('title', { region: region.name })}</Text>
      <dl>
        {facts.map(({ name, fact, language: spoken }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd lang={spoken}>{fact}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed">
        {t('stays')}{' '}
        {others.map(({ code, name, origins }) => (
          <Anchor key={code} href={`${origins.customer}/sign-up`} inherit underline="always">
            {t('other', { region: name })}
          </Anchor>
        ))}
      </Text>
    </section>
  );
}
