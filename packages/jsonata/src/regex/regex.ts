import { arity, Callable, call } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import type { Engine, Found } from './engine.ts';

/** A regular expression of the text: a function that gives the first match and, with it, one that gives the next. */
export class Regex extends Callable {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    super();
    this.#engine = engine;
  }

  override get [arity](): number {
    return 2;
  }

  override [call](run: Run, [text, from]: unknown[]): unknown {
    if (typeof text !== 'string') return undefined;
    return asValue(run, this, text, Regex.find(run, this, text, typeof from === 'number' ? Math.max(0, from) : 0));
  }

  /** The first match from a position on. @throws {JsonataError} D1004 when it is empty */
  static find(run: Run, regex: Regex, text: string, from: number): Found | undefined {
    const engine = regex.#engine;
    const rest = text.length - from;
    const perCharacter = 1 + (engine.size >> 3);
    if (engine.looksAhead) run.spend(1 + ((rest * perCharacter) >> 2));
    const found = engine.find(text, from);
    run.spend((found ? found.end - from : rest) * perCharacter + 10);
    run.allocate(200 + 2 * (found ? found.end - found.start : 0));
    if (found?.match === '') throw new JsonataError('D1004');
    return found;
  }
}

function asValue(run: Run, regex: Regex, text: string, found: Found | undefined): unknown {
  if (!found) return undefined;
  const { match, start, end, groups } = found;
  return { match, start, end, groups: [...groups], next: new NextMatch(run, regex, text, end) };
}

class NextMatch extends Callable {
  readonly #find: () => unknown;

  constructor(run: Run, regex: Regex, text: string, from: number) {
    super();
    this.#find = () => asValue(run, regex, text, Regex.find(run, regex, text, from));
  }

  override get [arity](): number {
    return 0;
  }

  override [call](): unknown {
    return this.#find();
  }
}
