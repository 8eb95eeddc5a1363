import { common } from './common.js';
import { problems } from './problems.js';
import { wayIn } from './way-in.js';

/** What is loaded with the first page. */
export const base = { common, problems, wayIn };
