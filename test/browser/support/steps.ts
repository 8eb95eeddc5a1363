import type { Page } from 'playwright-core';
import type { Visitor } from './visitor.js';

/** What somebody does on a page, and waits to see there. */
export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

export const inDialog = (page: Page, name: string): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

/** Until the dialog that was open is gone, so that it covers nothing. */
export const closed = (page: Page): Promise<void> => page.getByRole('dialog').waitFor({ state: 'hidden' });

export const said = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

/** Follows the link of that name to the page of that heading. */
export const visit = async (page: Page, place: string): Promise<void> => {
  await page.getByRole('link', { name: place, exact: true }).first().click();
  await heading(page, place);
};

/** Axe's look at the page, in one region: the others have the same pages. */
export const axe = async (code: string, visitor: Visitor): Promise<void> => {
  if (code === 'eu') await visitor.axe();
};

/** Goes on by the Tab key until it stands on what has that name, where who looks sees where she is. @throws Error when it never does */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(standing);
    if (!at.name.startsWith(name)) continue;
    if (!at.isSeen) throw new Error(`Nothing shows that the keyboard stands on “${name}”.`);
    return;
  }
  throw new Error(`The Tab key does not lead to “${name}”.`);
}

/** Where the keyboard stands, and whether it looks otherwise than what it does not stand on. Runs in the page. */
function standing(): { name: string; isSeen: boolean } {
  const element = document.activeElement as HTMLInputElement;
  // What shows it may be around the element or beside it.
  const looks = (): string =>
    [element, element.parentElement!, element.labels?.[0] ?? element]
      .map((each) => getComputedStyle(each))
      .map((style) => [style.outline, style.border, style.boxShadow, style.backgroundColor].join())
      .join();
  const name = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
  const focused = looks();
  element.blur();
  const blurred = looks();
  element.focus();
  return { name, isSeen: focused !== blurred };
}
