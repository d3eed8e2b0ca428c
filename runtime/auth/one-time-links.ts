import { createHash, randomBytes } from 'node:crypto';
import type { BetterAuth } from './better-auth.ts';

/** What a link is for. */
export type LinkKind = 'invitation' | 'reset';

/** Makes the token of a link that is good for one use; only its hash is stored, with what the link stands for. */
export async function storeLink(auth: BetterAuth, kind: LinkKind, meaning: object, ms: number): Promise<string> {
  const { internalAdapter } = await auth.$context;
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + ms);
  const value = JSON.stringify(meaning);
  await internalAdapter.createVerificationValue({ identifier: identifierOf(kind, token), value, expiresAt });
  return token;
}

/** What a link stands for; nothing for one that never was, was used, or is too old. */
export async function readLink(auth: BetterAuth, kind: LinkKind, token: string): Promise<unknown> {
  const { internalAdapter } = await auth.$context;
  const found = await internalAdapter.findVerificationValue(identifierOf(kind, token));
  return found && found.expiresAt.getTime() > Date.now() ? JSON.parse(found.value) : undefined;
}

/** Uses a link up: of several who come at once with it one does. */
export async function useLink(auth: BetterAuth, kind: LinkKind, token: string): Promise<boolean> {
  const { internalAdapter } = await auth.$context;
  return (await internalAdapter.consumeVerificationValue(identifierOf(kind, token))) !== null;
}

/** Under which a link is stored. */
export function identifierOf(kind: LinkKind, token: string): string {
  return `${kind} ${createHash('sha256').update(token).digest('hex')}`;
}
