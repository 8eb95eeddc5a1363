import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
/** A phone and a desk. */
export const WIDTHS = [360, 1280] as const;

/** One way to look at a page. */
export interface Look {
  readonly theme: Theme;
  readonly width: number;
}

/** Every theme and every width once; each page in all four ways is what `npm run screenshots` goes through. */
export const LOOKS: readonly Look[] = [
  { theme: 'light', width: WIDTHS[0] },
  { theme: 'dark', width: WIDTHS[1] },
];

const AXE_TRIES = 3;

export interface Looks {
  readonly themes?: readonly Theme[];
  readonly widths?: readonly number[];
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

/**
 * What axe has against the page as it stands, in the looks of {@link LOOKS} that are asked for, and where the page is wider than the window. All of its
 * rules, good practice included. It runs beside the page's own scripts, in a world of its own, so that it needs nothing of the page's policy.
 */
export async function complaintsAbout(page: Page, { themes = THEMES, widths = WIDTHS }: Looks = {}): Promise<string[]> {
  const before = page.viewportSize()!;
  const found: string[] = [];
  for (const { theme, width } of LOOKS.filter((look) => themes.includes(look.theme) && widths.includes(look.width))) {
    await page.setViewportSize({ ...before, width });
    await page.emulateMedia({ colorScheme: theme });
    await settled(page);
    const look = `${theme}, ${width} px`;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) found.push(`${look}: ${wide} px wider than the window`);
    for (const { id, nodes } of await lasting(page))
      for (const { target, failureSummary } of nodes)
        found.push(`${look}: ${id} at ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ')}`);
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** Until the page has taken over what the browser told it: its own script does that, and what fades is faded then. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
  });
}

/** What axe still says a moment later: a look that has just been taken on can be read half-way, and what is wrong stays wrong. */
async function lasting(page: Page): Promise<AxeResults['violations']> {
  for (let tries = 1; ; tries++) {
    const { violations } = await axe(page);
    if (violations.length === 0 || tries === AXE_TRIES) return violations;
    await sleep(300);
    await settled(page);
  }
}

async function axe(page: Page): Promise<AxeResults> {
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    const world = { frameId: frameTree.frame.id, worldName: 'axe' };
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', world);
    // Over an open dialog axe takes the veil below a toast for one above it; without a dialog toasts are looked at like everything else.
    const context = `document.querySelector('.mantine-Modal-overlay') ? { exclude: ['.mantine-Notifications-root'] } : document`;
    const expression = `${SOURCE};axe.run(${context}).then(({violations}) => ({violations}))`;
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`axe failed: ${exceptionDetails.exception?.description}`);
    return result.value as AxeResults;
  } finally {
    await session.detach();
  }
}
