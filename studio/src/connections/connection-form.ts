import { isObject, type Json, type JsonObject } from '@millrace/contract';
import type { RJSFSchema } from '@rjsf/utils';
import { ApiError } from '../api/client.ts';
import type { Problem } from '../api/types.ts';

/** Names of the secret fields of a connection's schema, in any branch of it. */
export function secretNames(schema: RJSFSchema): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && (field as RJSFSchema)['x-secret'] === true ? [name] : [],
  );
  return [...new Set([...own, ...branchesOf(schema).flatMap(secretNames)])];
}

/** The config without the marks that stand for secrets, and the names of the secrets that are set. */
export function withoutMarks(config: JsonObject, schema: RJSFSchema): { config: JsonObject; set: readonly string[] } {
  const set = secretNames(schema).filter((name) => isMark(config[name]));
  return { config: Object.fromEntries(Object.entries(config).filter(([name]) => !set.includes(name))), set };
}

/** The schema for a change: a secret that is set may stay empty, and the form says so. */
export function keepingSecrets(schema: RJSFSchema, set: readonly string[], hint: string): RJSFSchema {
  const { properties, required, anyOf } = schema;
  const shown = Object.entries(properties ?? {}).map(([name, field]) => [
    name,
    set.includes(name) && typeof field === 'object' ? { ...field, description: hint } : field,
  ]);
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(shown) }),
    ...(required && { required: required.filter((name) => !set.includes(name)) }),
    ...(anyOf && { anyOf: branchesOf(schema).map((branch) => keepingSecrets(branch, set, hint)) }),
  };
}

/** Problems of a refused config at their places in the form. */
export function problemsIn(error: Error | null): (Problem & { readonly field: readonly string[] })[] {
  const problems = error instanceof ApiError ? error.problems : [];
  return problems.map((problem) => {
    const [, ...keys] = problem.pointer.split('/');
    return { ...problem, field: keys[0] === 'config' ? keys.slice(1) : keys };
  });
}

function branchesOf({ anyOf = [] }: RJSFSchema): RJSFSchema[] {
  return anyOf.filter((branch) => typeof branch === 'object');
}

function isMark(value: Json | undefined): boolean {
  return isObject(value) && value.set === true;
}
