import { ThemeIcon, type ThemeIconProps } from '@mantine/core';

const SHAPES = {
  yes: 'M5 12.5l4.5 4.5L19 7.5',
  no: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  open: 'M6 12h12',
  attention: 'M12 5.5v8M12 17.5v.5',
} as const;
const COLOURS = { yes: 'teal', no: 'red', open: 'gray', attention: 'yellow' } as const;
const FILLED = { yes: 'teal.9', no: 'red.8', open: 'gray.7', attention: 'yellow.9' } as const;

export type MarkKind = keyof typeof SHAPES;

interface MarkProps {
  readonly kind: MarkKind;
  readonly size?: ThemeIconProps['size'];
  readonly filled?: boolean;
}

/** A sign beside words that say the same: colour and shape are never alone. */
export function Mark({ kind, size = 22, filled = false }: MarkProps) {
  return (
    <ThemeIcon
      color={(filled ? FILLED : COLOURS)[kind]}
      variant={filled ? 'filled' : 'light'}
      size={size}
      radius="xl"
      aria-hidden="true"
    >
      <svg viewBox="0 0 24 24" width="68%" height="68%" fill="none" stroke="currentColor" strokeWidth="2.4">
        <path d={SHAPES[kind]} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </ThemeIcon>
  );
}
