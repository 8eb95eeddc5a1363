import { type ProblemCatalogue, mergeCatalogues, REQUEST_ERRORS } from '@domicile/runtime';

/** What the front door refuses, for programs; people read the same in their language (`words.ts`). */
const PAGE_ERRORS = {
  'page.not_found': {
    status: 404,
    title: 'Not found',
    detail: 'There is no such page; begin at the front page.',
  },
  'page.names_no_region': {
    status: 404,
    title: 'Names no region',
    detail: 'The link is not an id of any region here; check that it was copied as a whole.',
  },
  'page.takes_nothing': {
    status: 405,
    title: 'Takes nothing',
    detail: 'The front door takes nothing from anybody: it answers GET and HEAD without a body, and has read none.',
  },
  'page.not_asked': {
    status: 403,
    title: 'Not asked for',
    detail: 'A region is remembered or forgotten by the button of the front page alone, and not ahead of a click.',
  },
} as const satisfies ProblemCatalogue;

/** A code of the front door's own. */
export type PageErrorCode = keyof typeof PAGE_ERRORS;

export const CATALOGUE = mergeCatalogues(REQUEST_ERRORS, PAGE_ERRORS);
