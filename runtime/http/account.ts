import { MillraceError } from '@millrace/contract';
import Type from 'typebox';
import type { Person } from '../auth/own-account.ts';
import { type Call, ok, type Route, route } from './route.ts';
import { requireOwnPage } from './same-origin.ts';
import { Code, Email, Password } from './schemas.ts';

const closed = { additionalProperties: false };
const tag = 'Session';
const own = 'For who is signed in with a session; an API key has no account.';

/** A person's own password and second factor. */
export const accountRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/session/password',
    action: 'session.edit',
    tag,
    summary: 'Change the own password',
    description: `${own} All other sessions of the person end.`,
    body: Type.Object({ password: Password, newPassword: Password }, closed),
    answers: { 204: { description: 'Changed' } },
    async handle(call, { auth }) {
      await auth.account.changePassword(personOf(call), call.body);
      return { status: 204 };
    },
  }),
  route({
    method: 'post',
    path: '/session/second-factor',
    action: 'session.edit',
    tag,
    summary: 'Begin to set up a second factor',
    description: `${own} It is asked for at sign-in from the first code on (\`/session/second-factor/confirm\`).`,
    body: Type.Object({ password: Password }, closed),
    answers: {
      200: {
        description: 'Shown this once',
        schema: Type.Object({
          secret: Type.String({ description: 'Base32, to be typed into an app' }),
          url: Type.String({ description: '`otpauth:` address, to be shown as a QR code' }),
          backupCodes: Type.Array(Type.String(), { description: 'Each is good once, in place of a code' }),
        }),
      },
    },
    handle: async (call, { auth }) => ok(await auth.account.beginSecondFactor(personOf(call), call.body)),
  }),
  route({
    method: 'post',
    path: '/session/second-factor/confirm',
    action: 'session.edit',
    tag,
    summary: 'Show the first code of a second factor',
    description: `${own} All other sessions of the person end.`,
    body: Type.Object({ code: Type.String({ pattern: '^\\d{6}$' }) }, closed),
    answers: { 204: { description: 'It is asked for from now on' } },
    async handle(call, { auth }) {
      await auth.account.confirmSecondFactor(personOf(call), call.body);
      return { status: 204 };
    },
  }),
  route({
    method: 'post',
    path: '/session/second-factor/remove',
    action: 'session.edit',
    tag,
    summary: 'Take the second factor off',
    description: `${own} All other sessions of the person end.`,
    body: Type.Object({ password: Password, code: Code }, closed),
    answers: { 204: { description: 'It is asked for no more' } },
    async handle(call, { auth }) {
      await auth.account.removeSecondFactor(personOf(call), call.body);
      return { status: 204 };
    },
  }),
  route({
    method: 'post',
    path: '/session/forgot-password',
    action: 'anybody',
    tag,
    summary: 'Have a link for a new password mailed',
    description:
      'The answer is the same whether there is an account of that address. The link is good once, for an hour.',
    body: Type.Object({ email: Email }, closed),
    answers: { 202: { description: 'Mailed, if there is such an account' } },
    async handle({ body: { email }, raw, author }, { auth }) {
      requireOwnPage(raw);
      await auth.resets.mailTo(email, author.address);
      return { status: 202 };
    },
  }),
  route({
    method: 'post',
    path: '/session/reset-password',
    action: 'anybody',
    tag,
    summary: 'Set a new password by a link',
    description: 'All sessions of the person end. The person then signs in.',
    body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }), password: Password }, closed),
    answers: { 204: { description: 'Set' } },
    async handle({ body, raw, author }, { auth }) {
      requireOwnPage(raw);
      await auth.resets.set(body, author.address);
      return { status: 204 };
    },
  }),
];

/** Whoever is signed in. @throws {MillraceError} `PERSON_NEEDED` */
export function personOf({ identity, author, raw }: Call<unknown, unknown, unknown>): Person {
  const { by, author: named } = identity;
  if (by === 'cookie') return { author: { ...author, id: named.id }, cookie: raw.headers.cookie };
  throw new MillraceError('PERSON_NEEDED', 'An API key has no password and no second factor; sign in.');
}
