import { describe, expect, test } from 'vitest';
import { sessionRights } from './session-rights.ts';

const session = { role: 'admin', instanceOwner: false, secondFactor: false, bySingleSignOn: false };
const rules = { secondFactorNeeded: false, singleSignOn: true, passwords: true };
const rolesOf = (shown: Partial<typeof session>, ruled: Partial<typeof rules> = {}) =>
  sessionRights({ ...session, ...shown }, { ...rules, ...ruled }).roles;

describe('R-X5 a session', () => {
  test('opens the tenant that it is for with the role there', () => {
    expect(rolesOf({})).toEqual(['admin']);
    expect(sessionRights({ ...session, role: undefined }, rules)).toEqual({ roles: [], actions: [] });
    expect(sessionRights(session, undefined).roles).toEqual([]);
  });

  test('by a password opens no tenant that gave passwords up, but still the instance to who owns it', () => {
    expect(rolesOf({}, { passwords: false })).toEqual([]);
    expect(rolesOf({ instanceOwner: true }, { passwords: false })).toEqual(['owner']);
    expect(rolesOf({ bySingleSignOn: true }, { passwords: false })).toEqual(['admin']);
  });

  test('by single sign-on opens nothing once the tenant has none any more', () => {
    expect(rolesOf({ bySingleSignOn: true }, { singleSignOn: false })).toEqual([]);
  });

  test('attack 90: by single sign-on is that of the instance’s owner for nobody', () => {
    expect(rolesOf({ bySingleSignOn: true, instanceOwner: true })).toEqual(['admin']);
    expect(rolesOf({ instanceOwner: true })).toEqual(['admin', 'owner']);
  });

  test('without a second factor where one is needed serves to set one up', () => {
    const needed = { ...rules, secondFactorNeeded: true };
    expect(sessionRights(session, needed)).toMatchObject({ roles: [], actions: ['session.read', 'session.edit'] });
    expect(sessionRights({ ...session, secondFactor: true }, needed).roles).toEqual(['admin']);
    expect(sessionRights({ ...session, bySingleSignOn: true }, needed).roles).toEqual(['admin']);
  });
});
