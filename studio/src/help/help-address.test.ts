import { expect, it } from 'vitest';
import { helpAddress } from './help-address.ts';

it('leads from one page of the documentation to another, and nowhere else', () => {
  expect(helpAddress('roles.md')).toBe('/help/roles');
  expect(helpAddress('nodes/core.md#corehttp')).toBe('/help/nodes%2Fcore');
  expect(helpAddress('../accounts.md')).toBe('/help/accounts');
  expect(helpAddress('#secrets')).toBe('#secrets');
  for (const other of ['decisions/0006-no.md', '../runtime/main.ts', 'https://example.com/x.md', 'javascript:x.md'])
    expect(helpAddress(other)).toBeUndefined();
});
