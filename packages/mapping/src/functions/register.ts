import { dateFunctions } from './date.ts';
import { type HostFunctions, lent } from './host.ts';
import { listFunctions } from './list.ts';
import { lookupFunctions } from './lookup.ts';
import { moneyFunctions } from './money.ts';
import { textFunctions } from './text.ts';

/** Everything that expressions have besides, or instead of, JSONata's own functions. */
export const hostFunctions: HostFunctions = {
  ...dateFunctions,
  ...listFunctions,
  ...lookupFunctions,
  ...moneyFunctions,
  ...textFunctions,
};

/** The same, as an expression is compiled with them. */
export const lentFunctions = Object.fromEntries(
  Object.entries(hostFunctions).map(([name, definition]) => [name, lent(definition)]),
);
