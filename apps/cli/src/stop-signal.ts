const FORCE_AFTER_MILLISECONDS = 500;

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, and when standard output is closed. A later signal ends the process at once (the
 * kernel then ends its children); npm repeats a terminal's Ctrl-C to its script, so the same press is given half a second.
 */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const asked = (): void => {
      const now = performance.now();
      if (first !== undefined && now - first > FORCE_AFTER_MILLISECONDS) process.exit(130);
      first ??= now;
      resolve(undefined);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked);
    process.stdout.on('error', () => resolve(undefined));
  });
}
