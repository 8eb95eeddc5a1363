import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/**
 * The one place where the product's looks are decided: type, spacing, roundness, and the accent, which is the region's own and stands in
 * the region file.
 */
export function themeOf(accent: string) {
  return createTheme({
    primaryColor: 'accent',
    primaryShade: 6,
    colors: { accent: shadesOf(accent) },
    autoContrast: true,
    defaultRadius: 'md',
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
    fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
    headings: { fontWeight: '650', textWrap: 'balance' },
    respectReducedMotion: true,
    cursorType: 'pointer',
    focusRing: 'auto',
  });
}

/** Text that steps back, and refusals, dark (or light) enough to be read by anybody: the library's own stay below WCAG's 4.5 to 1. */
export const readable: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[6],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-red-outline': colors.red[9],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[2],
    '--mantine-color-error': colors.red[4],
    '--mantine-color-anchor': 'var(--mantine-color-accent-3)',
  },
});

/** Ten shades around one colour, light to dark, as the library wants them: mixed with white before the seventh and with black after. */
function shadesOf(accent: string): MantineColorsTuple {
  const mixed = (other: string, share: number): string => mix(accent, other, share);
  const light = [0.93, 0.85, 0.7, 0.55, 0.38, 0.18].map((share) => mixed('#ffffff', share));
  const dark = [0.14, 0.28, 0.42].map((share) => mixed('#000000', share));
  return [...light, accent, ...dark] as unknown as MantineColorsTuple;
}

function mix(one: string, other: string, share: number): string {
  const channel = (at: number): string => {
    const [a, b] = [one, other].map((colour) => parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
