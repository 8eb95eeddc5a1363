export const person = {
  title: 'person',
} as const;
