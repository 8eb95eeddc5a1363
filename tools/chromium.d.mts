/** Types of chromium.mjs for the tests. */
export const HOW_TO_GET_CHROMIUM: string;
export function findChromium(): string | undefined;
export function findHeadlessShell(): string | undefined;
