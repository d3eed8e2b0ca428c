import type { Kind } from './shape.ts';

/**
 * Kinds of what functions give, JSONata 2.2.2's and ours, where they give one kind and have a value whenever all their
 * arguments have one. Of functions that are not listed nothing is known.
 */
export const resultKinds: ReadonlyMap<string, Kind> = new Map([
  ...named('string', 'string uppercase lowercase trim substring substringBefore substringAfter pad join'),
  ...named('string', 'base64encode base64decode encodeUrl encodeUrlComponent decodeUrl decodeUrlComponent'),
  ...named('string', 'formatNumber formatBase formatInteger fromMillis type now date dateAdd dateCompact'),
  ...named('number', 'number abs floor ceil round sqrt power sum count length millis random'),
  ...named('number', 'money moneySum moneyAdd moneySubtract moneyMultiply moneyDivide moneyRound'),
  ...named('boolean', 'boolean not contains exists'),
]);

/** Functions that have a value even where their arguments have none. */
export const alwaysAnswering: ReadonlySet<string> = new Set(['count', 'exists', 'now', 'millis', 'random']);

function named(kind: Kind, names: string): [string, Kind][] {
  return names.split(' ').map((name) => [name, kind]);
}
