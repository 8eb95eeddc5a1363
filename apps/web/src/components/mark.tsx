import { ThemeIcon, type ThemeIconProps } from '@mantine/core';

const SHAPES = {
  yes: 'M5 12.5l4.5 4.5L19 7.5',
  no: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  open: 'M6 12h12',
  attention: 'M12 5.5v8M12 17.5v.5',
  person: 'M4.5 20c.6-3.8 3.4-6 7.5-6s6.9 2.2 7.5 6M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
} as const;
const COLOURS = { yes: 'teal.9', no: 'red.8', open: 'gray', attention: 'yellow', person: 'accent' } as const;

export type MarkKind = keyof typeof SHAPES;

interface MarkProps {
  readonly kind: MarkKind;
  readonly size?: ThemeIconProps['size'];
  readonly filled?: boolean;
}

/** A sign beside words that say the same: colour and shape are never alone. */
export function Mark({ kind, size = 22, filled = false }: MarkProps) {
  return (
    <ThemeIcon color={COLOURS[kind]} variant={filled ? 'filled' : 'light'} size={size} radius="xl" aria-hidden="true">
      <svg viewBox="0 0 24 24" width="68%" height="68%" fill="none" stroke="currentColor" strokeWidth="2.4">
        <path d={SHAPES[kind]} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </ThemeIcon>
  );
}
