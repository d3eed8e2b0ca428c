/**
 * Keeps several tasks under way and gives their results in the tasks' order. Over a line with a long way there and back
 * one request at a time would carry a few hundred kilobytes a second.
 */
export async function* inOrder<T>(tasks: Iterable<() => Promise<T>>, atOnce: number): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  for (const task of tasks) {
    underWay.push(begun(task));
    if (underWay.length >= atOnce) yield await (underWay.shift() as Promise<T>);
  }
  for (const task of underWay) yield await task;
}

/** Whoever stops at the first failure never asks for the others. */
function begun<T>(task: () => Promise<T>): Promise<T> {
  const result = task();
  result.catch(() => undefined);
  return result;
}
