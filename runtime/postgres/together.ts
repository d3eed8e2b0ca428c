/**
 * Answers of statements of one transaction that do not need each other's answers: they are sent at once, done in the order
 * in which they stand here, and cost one round trip. All have come to their end when this one rejects, with the first error.
 */
export async function together<T extends readonly Promise<unknown>[] | []>(
  statements: T,
): Promise<{ -readonly [Place in keyof T]: Awaited<T[Place]> }> {
  const settled: readonly PromiseSettledResult<unknown>[] = await Promise.allSettled(statements);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
}
