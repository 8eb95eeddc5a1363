export const residency = {
  title: 'residency',
} as const;
