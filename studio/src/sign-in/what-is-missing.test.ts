import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/client.ts';
import { whatIsMissing } from './what-is-missing.ts';

const refused = (code: string, details?: unknown) => new ApiError(401, code, 'Refused.', [], details);

describe('R-X5 what a sign-in asks for besides', () => {
  it('is a code where the account has a second factor', () => {
    expect(whatIsMissing(refused('CODE_NEEDED'))).toEqual({ code: true, tenants: undefined });
  });

  it('is the tenant where there are several', () => {
    const several = refused('TENANT_NEEDED', { tenants: ['acme', 'other'] });
    expect(whatIsMissing(several)).toEqual({ code: false, tenants: ['acme', 'other'] });
  });

  it('is nothing where somebody belongs to none, is refused, or has not asked yet', () => {
    for (const error of [refused('TENANT_NEEDED', { tenants: [] }), refused('SIGN_IN_REFUSED'), new Error('x'), null])
      expect(whatIsMissing(error)).toEqual({ code: false, tenants: undefined });
  });
});
