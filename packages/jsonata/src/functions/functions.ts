import type { Callable } from '../callable.ts';
import { aggregates } from './aggregates.ts';
import { dates } from './dates.ts';
import { encoding } from './encoding.ts';
import { general, hosted } from './general.ts';
import { higherOrder } from './higher-order.ts';
import { lists } from './lists.ts';
import { numberTexts } from './number-texts.ts';
import { numbers } from './numbers.ts';
import { objects } from './objects.ts';
import { search } from './search.ts';
import { texts } from './texts.ts';

/** All functions of JSONata 2.2.2, by name without the `$`. */
export const builtIns: ReadonlyMap<string, Callable> = new Map(
  [
    aggregates,
    dates,
    encoding,
    general,
    hosted,
    higherOrder,
    lists,
    numberTexts,
    numbers,
    objects,
    search,
    texts,
  ].flatMap((family) => Object.entries(family)),
);
