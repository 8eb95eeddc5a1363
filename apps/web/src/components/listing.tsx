import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Things of one kind, one below the other, with a line between them. */
export function Listing({ children }: { readonly children: ReactNode }) {
  return <ul className="listing">{children}</ul>;
}

interface ListEntryProps {
  readonly title: string;
  /** Beside the title. */
  readonly badge?: ReactNode;
  /** What can be done with it. */
  readonly act?: ReactNode;
  readonly children?: ReactNode;
}

/** One of them. */
export function ListEntry({ title, badge, act, children }: ListEntryProps) {
  return (
    <Group component="li" justify="space-between" gap="md">
      <Stack gap={2} flex="1 1 14rem" miw={0}>
        <Group gap="xs">
          <Text fw={600} className="plain" maw="100%">
            {title}
          </Text>
          {badge}
        </Group>
        {children}
      </Stack>
      {act}
    </Group>
  );
}
