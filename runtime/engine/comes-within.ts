/** Whether the promise is settled within that time. @throws what the promise is rejected with within that time */
export async function comesWithin(ms: number, coming: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, ms, false);
  try {
    return await Promise.race([coming.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}
