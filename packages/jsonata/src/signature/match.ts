import type { Parameter } from './parameter.ts';

/**
 * Deals out arguments to parameters, each as many as it can take while the rest still fits.
 * @param letters the types of the arguments, one letter each
 * @param whole all arguments must find a place
 * @returns for each parameter how many arguments it takes; nothing when they do not fit
 */
export function deal(parameters: readonly Parameter[], letters: string, whole: boolean): number[] | undefined {
  const failed = new Set<number>();
  const counts: number[] = [];
  return dealFrom(0, 0) ? counts : undefined;

  function dealFrom(parameter: number, argument: number): boolean {
    if (parameter === parameters.length) return !whole || argument === letters.length;
    const state = parameter * (letters.length + 1) + argument;
    if (failed.has(state)) return false;
    const { least, most } = range(parameters[parameter] as Parameter, letters, argument);
    for (let count = most; count >= least; count--) {
      counts[parameter] = count;
      if (dealFrom(parameter + 1, argument + count)) return true;
    }
    failed.add(state);
    return false;
  }
}

/** How many of the next arguments a parameter may take. */
function range(
  { takes, optional, repeats }: Parameter,
  letters: string,
  from: number,
): { least: number; most: number } {
  let most = 0;
  const limit = repeats ? letters.length - from : 1;
  while (most < limit && from + most < letters.length && takes.includes(letters.charAt(from + most))) most++;
  return { least: optional ? 0 : 1, most };
}
