import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and what they stand for, two columns where there is room. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="pairs">{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  /** Smaller, below it: what it means. */
  readonly note?: ReactNode;
}

/** One of them. */
export function Fact({ name, children, note }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {note}
          </Text>
        )}
      </dd>
    </div>
  );
}
