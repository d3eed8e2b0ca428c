import { createHash } from 'node:crypto';

/**
 * Remembers answers for a few seconds, by a hash of the question, so that a stream of requests with one credential
 * costs one look-up. What was revoked is forgotten when the time is over, or at once by who has revoked it here.
 */
export function createShortMemory<T>(options: { readonly ms: number; readonly entries: number; now(): number }) {
  const known = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();

  function remember(question: string, answer: () => Promise<T>): Promise<T> {
    const key = createHash('sha256').update(question).digest('base64');
    const found = known.get(key);
    if (found && found.until > options.now()) return found.answer;
    const fresh = answer();
    known.delete(key);
    known.set(key, { answer: fresh, until: options.now() + options.ms });
    if (known.size > options.entries) known.delete(known.keys().next().value as string);
    fresh.catch(() => known.delete(key));
    return fresh;
  }

  return { remember, forget: () => known.clear() };
}
