import type jsonata from 'jsonata';
import { activationFunctions } from './activation.ts';
import { cloneFunctions } from './clone.ts';
import { dateFunctions } from './date.ts';
import type { HostFunctions } from './host.ts';
import { listFunctions } from './list.ts';
import { lookupFunctions } from './lookup.ts';
import { moneyFunctions } from './money.ts';

/** Everything that expressions have besides, or instead of, JSONata's own functions. */
export const hostFunctions: HostFunctions = {
  ...activationFunctions,
  ...cloneFunctions,
  ...dateFunctions,
  ...listFunctions,
  ...lookupFunctions,
  ...moneyFunctions,
};

export function registerFunctions(expression: jsonata.Expression): void {
  for (const [name, { signature, call }] of Object.entries(hostFunctions)) {
    expression.registerFunction(name, call, signature);
  }
}
