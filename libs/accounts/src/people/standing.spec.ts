import { describe, expect, it } from '@jest/globals';
import { type Role, ROLES } from '../permissions.js';
import { assertMayMove } from './standing.js';

/** What comes of it: nothing, or a code. */
function outcome(
  actorRole: Role | null,
  role: Role | null,
  to: Role | null,
  { owners = 2, isSelf = false } = {},
): string {
  try {
    assertMayMove({ actorRole, role, owners, isSelf }, to);
    return 'may';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const TO = [...ROLES, null];

describe('who may move whom', () => {
  it('is decided for every role, from and to, by one table', () => {
    for (const actor of ROLES)
      for (const role of ROLES)
        for (const to of TO) {
          const concernsOwners = role === 'owner' || to === 'owner';
          const may = actor === 'owner' || (actor === 'admin' && !concernsOwners);
          expect([actor, role, to, outcome(actor, role, to)]).toEqual([
            actor,
            role,
            to,
            may ? 'may' : 'account.right_missing',
          ]);
        }
  });

  it('lets everyone leave, but for the last owner', () => {
    for (const role of ROLES) expect(outcome(role, role, null, { isSelf: true })).toBe('may');
    for (const role of ROLES)
      expect([role, outcome(role, role, null, { isSelf: true, owners: 1 })]).toEqual([
        role,
        role === 'owner' ? 'account.last_owner' : 'may',
      ]);
  });

  it('never takes the last owner from an account', () => {
    for (const to of TO)
      for (const isSelf of [true, false])
        expect(outcome('owner', 'owner', to, { owners: 1, isSelf })).toBe(
          to === 'owner' ? 'may' : 'account.last_owner',
        );
  });

  it('knows nobody who is not there any more, on either side', () => {
    for (const to of TO) {
      expect(outcome(null, 'member', to)).toBe('residency.not_found');
      expect(outcome('owner', null, to)).toBe('residency.not_found');
    }
  });
});
