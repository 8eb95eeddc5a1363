import { accountLog } from './account-log.js';
import { accountSettings } from './account-settings.js';
import { account } from './account.js';
import { person } from './person.js';
import { residency } from './residency.js';

/** What is loaded with the account area. */
export const area = { account: { ...account, ...accountSettings, log: accountLog }, person, residency };
