/** Repeats some work in so many loops at once for so many seconds; answers how often it was done in a second. */
export async function rateOf(
  loops: number,
  seconds: number,
  work: (loop: number) => Promise<unknown>,
): Promise<number> {
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  let done = 0;
  const loop = async (index: number) => {
    for (; elapsed() < seconds; done++) await work(index);
  };
  await Promise.all(Array.from({ length: loops }, (_, index) => loop(index)));
  return done / elapsed();
}
