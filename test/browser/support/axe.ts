import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
/** Of a phone and a desk. */
export const WIDTHS = [360, 1280] as const;

/** What is left of the width of a desk for who looks at it twice as large. */
const ZOOMED = 640;

const AXE_TRIES = 3;

interface Complaint {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/**
 * What axe has against the page as it stands, light and dark, on a phone and on a desk, where the page is wider than the window, and what on it has no style:
 * those of the component library are taken one by one. All of axe's rules, good practice included.
 */
export async function complaintsAbout(page: Page): Promise<string[]> {
  const before = page.viewportSize()!;
  const found = (await page.evaluate(unstyled)).map((name) => `no style: ${name}`);
  // A desk at 200 %.
  await page.setViewportSize({ ...before, width: ZOOMED });
  found.push(...(await page.evaluate(overflow)).map((what) => `${ZOOMED} px: ${what}`));
  const axe = await Axe.on(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ ...before, width });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await settled(page);
      const look = `${theme}, ${width} px`;
      found.push(...(await page.evaluate(overflow)).map((what) => `${look}: ${what}`));
      for (const { id, nodes } of await axe.lasting())
        for (const { target, failureSummary } of nodes)
          found.push(`${look}: ${id} at ${target.join(' ')}: ${failureSummary?.replaceAll(/\s+/g, ' ')}`);
    }
  }
  await axe.leave();
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** By how much the page is wider than the window, if it is. Runs in the page. */
function overflow(): string[] {
  const wide = document.documentElement.scrollWidth - innerWidth;
  return wide > 0 ? [`${wide} px wider than the window`] : [];
}

/** Classes of the elements of the component library for which the page has no rule. Runs in the page. */
function unstyled(): string[] {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText));
  const styled = new Set(rules.join('').match(/\bm_[0-9a-f]+/g));
  const bare = [...document.querySelectorAll('[class*="m_"]')].filter(({ classList }) =>
    [...classList].some((name) => /^m_[0-9a-f]+$/.test(name) && !styled.has(name)),
  );
  return [...new Set(bare.map(({ classList }) => [...classList].join(' ')))];
}

/** Until the page has taken over what the browser told it: its own script does that, and what fades is faded then. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    // What turns for as long as something is on its way ends for nobody who waits for it.
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map(({ finished }) => finished.catch(() => undefined)));
  });
}

/** Axe beside the scripts of one page, in a world of its own, so that it needs nothing of the page's policy; read in once for all looks. */
class Axe {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly contextId: number,
  ) {}

  static async on(page: Page): Promise<Axe> {
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send('Page.getFrameTree');
    const world = { frameId: frameTree.frame.id, worldName: 'axe' };
    const { executionContextId } = await session.send('Page.createIsolatedWorld', world);
    const axe = new Axe(page, session, executionContextId);
    await axe.#evaluate(`${SOURCE};undefined`);
    return axe;
  }

  /** What it still says a moment later: a look that has just been taken on can be read half-way, and what is wrong stays wrong. */
  async lasting(): Promise<readonly Complaint[]> {
    // Over an open dialog it takes the veil below a toast for one above it; without a dialog toasts are looked at like everything else.
    const context = `document.querySelector('.mantine-Modal-overlay') ? { exclude: ['.mantine-Notifications-root'] } : document`;
    for (let tries = 1; ; tries++) {
      const violations = await this.#evaluate(
        `axe.run(${context}, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
      );
      if (violations.length === 0 || tries === AXE_TRIES) return violations;
      await sleep(300);
      await settled(this.page);
    }
  }

  leave(): Promise<void> {
    return this.session.detach();
  }

  async #evaluate(expression: string): Promise<readonly Complaint[]> {
    const { contextId } = this;
    const asked = { expression, contextId, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.session.send('Runtime.evaluate', asked);
    if (exceptionDetails) throw new Error(`axe failed: ${exceptionDetails.exception?.description}`);
    return result.value as readonly Complaint[];
  }
}
