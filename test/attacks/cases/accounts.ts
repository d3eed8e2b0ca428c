import type { Attack } from '../attack.ts';

const everyRoute = 'runtime/http/every-route.test.ts';
const accounts = 'runtime/http/accounts.test.ts';

/** On tenants and accounts, tried by tests that go over every route, or need several people. */
export const accountAttacks: readonly Attack[] = (
  [
    [78, 'every route with the ids of another tenant', everyRoute],
    [86, 'session fixation', accounts],
    [87, 'requests of other sites', accounts],
    [88, 'guessing passwords', accounts],
    [89, 'role × action', everyRoute],
    [90, 'a role that is smuggled in', accounts],
    [92, 'a revoked key', accounts],
  ] as const
).map(([number, title, file]) => ({ number, title, tests: [{ file, name: new RegExp(`attack ${number}\\b`) }] }));
