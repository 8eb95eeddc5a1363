import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Brand } from './brand.js';
import { Footer } from './footer.js';
import { RegionBadge } from './region-badge.js';
import { useHeading } from './use-heading.js';

interface SheetProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
  /** For what needs more room than a form. */
  readonly wide?: boolean;
}

/** A page with one thing on it: for whoever is not signed in, and for what asks for a decision. */
export function Sheet({ title, lead, children, wide = false }: SheetProps) {
  const t = useTranslations('common');
  const heading = useHeading(title);
  return (
    <>
      <a href="#main" className="skip">
        {t('skip')}
      </a>
      <Group component="header" className="bar" justify="space-between">
        <Brand />
        <RegionBadge />
      </Group>
      <main id="main" className="calm" tabIndex={-1}>
        <Paper className="sheet" withBorder shadow="sm" p={{ base: 'lg', sm: 'xl' }} data-wide={wide || undefined}>
          <Stack gap="lg">
            <div>
              <Title ref={heading} order={1} size="h2" tabIndex={-1}>
                {title}
              </Title>
              {lead !== undefined && (
                <Text c="dimmed" mt="xs" component="div" className="plain">
                  {lead}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </main>
      <Footer />
    </>
  );
}
