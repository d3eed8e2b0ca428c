import type { ErrorData, Json, Problem } from '@millrace/contract';
import type { Evaluator } from '../evaluator/evaluator.ts';

/** A JSON Schema of a flow, and where it stands. */
export interface SchemaPlace {
  readonly schema: Json;
  readonly pointer: string;
}

/**
 * What is wrong with the JSON Schemas that a flow brings along. They are made into code as for a run, with the same guard.
 * One that is too much for that is told, and nothing behind it is looked at: each would take as long.
 */
export async function checkSchemas(
  places: readonly SchemaPlace[],
  evaluator: Evaluator,
  tenant: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { schema, pointer } of places) {
    const [result] = await evaluator.evaluate(tenant, [{ kind: 'checkSchema', schema }]);
    if (result?.ok) problems.push(...placed(result.value as unknown as readonly Problem[], pointer));
    else return result ? [...problems, tooMuch(result.error, pointer)] : problems;
  }
  return problems;
}

function tooMuch({ code, message }: ErrorData, pointer: string): Problem {
  return { code, pointer, message, hint: 'The JSON Schema could not be read; make it smaller, or try again.' };
}

const hint = 'Schemas are of JSON Schema’s draft 2020-12, or of 2019-09 or 07 where “$schema” says so.';

/** One for each place in the schema: where several things may stand, none of which does, the first says enough. */
function placed(found: readonly Problem[], at: string): Problem[] {
  const pointers = found.map(({ pointer }) => pointer);
  const firsts = found.filter(({ pointer }, index) => pointers.indexOf(pointer) === index);
  return firsts.map(({ pointer, message }) => ({
    code: 'SCHEMA_INVALID',
    pointer: at + pointer,
    message: `This is no valid JSON Schema: ${message}`,
    hint,
  }));
}
