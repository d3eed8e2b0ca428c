import { MillraceError } from '@millrace/contract';
import type { Focus, HostFunctions } from './host.ts';

type Each = ((item: unknown, index?: number) => unknown) & { readonly arity: number };

/** What field maps are written with. */
export const listFunctions: HostFunctions = {
  list: { signature: '<xf?:a>', call: list },
  required: { signature: '<xs:x>', call: required },
};

/**
 * Always a list: none for a missing source, one item for a single value. With a function its answer for each item
 * (called with the item and its index from 0); missing answers are left out and nothing is flattened.
 */
function list(this: Focus, source: unknown, each?: Each): unknown[] {
  const items = (Array.isArray(source) ? source : [source]).filter((item) => item !== undefined);
  if (!each) return items;
  const answers: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const answer = answerFor(each, Array.isArray(item) ? this.whole(item) : item, index);
    if (answer !== undefined) answers.push(answer);
  }
  return answers;
}

function answerFor(each: Each, item: unknown, index: number): unknown {
  try {
    return each.arity === 1 ? each(item) : each(item, index);
  } catch (thrown) {
    throw thrown instanceof MillraceError ? placed(thrown, index) : thrown;
  }
}

/**
 * The value, which must be there.
 * @param pointer JSON Pointer of the target; `*` stands for the index in each enclosing `$list`
 * @throws {MillraceError} FIELD_REQUIRED
 */
function required(value: unknown, pointer: string): unknown {
  if (value !== undefined) return value;
  throw new MillraceError('FIELD_REQUIRED', `“${pointer}” is required, and its source has no value.`, { pointer });
}

/** Fills in the index of the innermost list that the pointer leaves open. */
function placed(error: MillraceError, index: number): MillraceError {
  const { pointer } = error.options;
  if (error.code !== 'FIELD_REQUIRED' || pointer === undefined) return error;
  const filled = pointer.replace(/\/\*(?!.*\/\*(?:\/|$))(?=\/|$)/, `/${index}`);
  return new MillraceError(error.code, error.message.replace(pointer, filled), { ...error.options, pointer: filled });
}
