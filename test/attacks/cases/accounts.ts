import type { Attack } from '../attack.ts';

const everyRoute = 'runtime/http/every-route.test.ts';
const isolation = 'runtime/http/isolation.test.ts';
const accounts = 'runtime/http/accounts.test.ts';
const passwords = 'runtime/http/passwords.test.ts';
const secondFactor = 'runtime/http/second-factor.test.ts';
const singleSignOn = 'test/oauth2/single-sign-on.test.ts';
const sessionRights = 'runtime/auth/session-rights.test.ts';

/** On tenants and accounts, tried by tests that go over every route, or need several people. */
const byNumber: readonly Attack[] = (
  [
    [78, 'every route with the ids of another tenant', [everyRoute]],
    [79, 'a connection of another tenant in a flow', [isolation]],
    [80, 'no tenant', [isolation]],
    [81, 'a pooled connection after an error', [isolation]],
    [82, 'row-level security and the owner of the tables', [isolation]],
    [83, 'a tampered tenant in the rows that move a run', [isolation]],
    [84, 'a flow of another tenant that is called', [isolation]],
    [86, 'session fixation', [accounts]],
    [87, 'requests of other sites', [accounts, passwords, singleSignOn]],
    [88, 'guessing passwords and codes', [accounts, passwords, secondFactor]],
    [89, 'role × action', [everyRoute]],
    [
      90,
      'a role that is smuggled in, an account that is taken over',
      [accounts, passwords, singleSignOn, sessionRights],
    ],
    [91, 'a poisoned host in a link', [passwords]],
    [92, 'a revoked key', [accounts]],
  ] as const
).map(([number, title, files]) => ({
  number,
  title,
  tests: files.map((file) => ({ file, name: new RegExp(`attack ${number}\\b`) })),
}));

export const accountAttacks: readonly Attack[] = [
  ...byNumber,
  {
    number: 85,
    title: 'the stream of another tenant',
    tests: [{ file: 'runtime/http/events.test.ts', name: /to its own tenant alone/ }],
  },
];
