import { MillraceError } from '@millrace/contract';
import type jsonata from 'jsonata';
import { builtIn } from '../built-in.ts';
import type { HostFunctions } from './host.ts';

/** What differs between two evaluations of one expression: time and randomness. */
export interface Activation {
  readonly ms: number;
  /** The next number from 0 up to 1. */
  random(): number;
}

/** A name that no expression can write, since JSONata's variables end at a space. */
export const activationName = 'activation of the step';

/** Time and randomness of the step's activation, so that a step that runs again gives the same. */
export const activationFunctions: HostFunctions = {
  now: {
    signature: '<s?s?:s>',
    async call(picture?: string, zone?: string) {
      return (await builtIn('fromMillis')).call(this, activation(this).ms, picture, zone);
    },
  },
  millis: {
    signature: '<:n>',
    call() {
      return activation(this).ms;
    },
  },
  /** What a picture leaves open, such as the day of a time, is that of the activation. */
  toMillis: {
    signature: '<s-s?:n>',
    async call(text?: string, picture?: string) {
      const timestamp = new Date(activation(this).ms);
      const focus = { ...this, environment: { ...this.environment, timestamp } };
      return (await builtIn('toMillis')).call(focus, text, picture);
    },
  },
  random: {
    signature: '<:n>',
    call() {
      return activation(this).random();
    },
  },
  shuffle: { signature: '<a:a>', call: shuffle },
  eval: { signature: '<sx?:x>', call: refuseEval },
};

function activation(focus: jsonata.Focus): Activation {
  return focus.environment.lookup(activationName) as Activation;
}

/** Fisher and Yates, inside out. */
function shuffle(this: jsonata.Focus, list?: readonly unknown[]): unknown {
  if (list === undefined) return undefined;
  const { random } = activation(this);
  const shuffled: unknown[] = [];
  for (const [index, item] of list.entries()) {
    const at = Math.floor(random() * (index + 1));
    shuffled[index] = shuffled[at];
    shuffled[at] = item;
  }
  return shuffled;
}

function refuseEval(): never {
  throw new MillraceError(
    'EXPRESSION_EVAL_OFF',
    '$eval is switched off: text from data is never run as an expression.',
  );
}

/** Endless numbers from 0 up to 1 out of a seed: FNV-1a, then mulberry32. Not for secrets. */
export function seededRandom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
