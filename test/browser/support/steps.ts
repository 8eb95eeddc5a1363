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
