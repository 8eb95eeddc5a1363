/** JavaScript of a file in TypeScript. */
export function compiled(filename: string): string;
