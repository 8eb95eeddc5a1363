import { Card, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Stands beside the title. */
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
}

/** One matter of a page: a card with a heading of its own. */
export function Section({ title, lead, aside, children }: SectionProps) {
  const id = useId();
  return (
    <Card component="section" withBorder padding="lg" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" mb={children === undefined ? 0 : 'md'} gap="sm">
        <div>
          <Title id={id} order={2} size="h4">
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mt={4} component="div" maw="60ch">
              {lead}
            </Text>
          )}
        </div>
        {aside}
      </Group>
      {children}
    </Card>
  );
}
