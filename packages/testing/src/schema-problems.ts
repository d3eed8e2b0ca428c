import type { Problem } from '@millrace/contract';
import Schema from 'typebox/schema';

/** Every way in which data does not fit a JSON Schema, as the guarded evaluator would report it; none where it fits. */
export function schemaProblems(schema: unknown, data: unknown): Problem[] {
  const [, errors] = Schema.Errors(schema as Parameters<typeof Schema.Errors>[0], data);
  return errors.flatMap((error) =>
    error.keyword === 'required' ? missing(error.instancePath, error.params.requiredProperties) : [problem(error)],
  );
}

function problem({
  keyword,
  instancePath,
  message,
}: {
  keyword: string;
  instancePath: string;
  message: string;
}): Problem {
  return { code: upperSnake(keyword), pointer: instancePath, message: `It ${message}.` };
}

function missing(parent: string, names: readonly string[]): Problem[] {
  return names.map((name) => ({
    code: 'REQUIRED',
    pointer: `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `“${name}” is missing.`,
  }));
}

function upperSnake(keyword: string): string {
  return keyword.replace(/([A-Z])/g, '_$1').toUpperCase();
}
