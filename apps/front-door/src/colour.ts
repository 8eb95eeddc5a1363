/** `#rrggbb` */
export type Colour = string;

/** WCAG 2.2 criterion 1.4.3, for text of any size. */
export const CONTRAST_MIN = 4.5;
const STEPS = 20;

/** The ratio of WCAG 2.2 between two colours, 1 to 21, whichever is the lighter. */
export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** That colour, as far darkened or lightened as it takes to be read on that ground: at least {@link CONTRAST_MIN}. */
export function legible(colour: Colour, ground: Colour): Colour {
  const end = inkOn(ground);
  for (let step = 0; step < STEPS; step++) {
    const mixed = mix(colour, end, step / STEPS);
    if (contrast(mixed, ground) >= CONTRAST_MIN) return mixed;
  }
  return end;
}

/** Black or white, whichever is read better on that ground; one of them always has {@link CONTRAST_MIN}. */
export function inkOn(ground: Colour): Colour {
  return contrast('#ffffff', ground) >= contrast('#000000', ground) ? '#ffffff' : '#000000';
}

function luminance(colour: Colour): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(one: Colour, other: Colour, share: number): Colour {
  const others = channels(other);
  const mixed = channels(one).map((value, i) => Math.round(value + (others[i]! - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}
