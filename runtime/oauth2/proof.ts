import { createHash, randomBytes } from 'node:crypto';

/** SHA-256 of what whoever comes back from another system must show. */
export interface Proof {
  readonly state: Buffer;
  readonly browser: Buffer;
}

export function proofOf(state: string, browser: string): Proof {
  return { state: sha256(state), browser: sha256(browser) };
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** 256 bits. */
export function random(): string {
  return randomBytes(32).toString('base64url');
}
