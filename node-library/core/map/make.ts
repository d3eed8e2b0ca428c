import { type Json, MillraceError, type NodeContext } from '@millrace/contract';
import { keepLists } from '@millrace/mapping';

/**
 * What a mapping makes of the input.
 * @param text JSONata
 * @param target JSON Schema that it must fit
 * @throws {MillraceError} `MAP_EMPTY`; `MAP_RESULT_INVALID` with every problem and its place in the result
 */
export async function make(text: string, target: Json | undefined, input: Json, ctx: NodeContext): Promise<Json> {
  const result = await ctx.evaluate(text, input);
  if (result === undefined) throw new MillraceError('MAP_EMPTY', 'The mapping gives nothing for this input.');
  if (target === undefined) return result;
  const data = keepLists(result, target);
  const problems = await ctx.validate(target, data);
  if (problems.length === 0) return data;
  throw new MillraceError('MAP_RESULT_INVALID', 'The new data does not fit the target.', { problems });
}
