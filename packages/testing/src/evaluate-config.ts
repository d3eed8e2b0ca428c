import { expressionOf, isObject, type Json, readJson, writeJson } from '@millrace/contract';
import { evaluate } from '@millrace/mapping';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** Evaluates JSONata in this process, with all functions that flows have: the texts of tests can be trusted. */
export async function evaluateText(text: string, input: Json, now: Date): Promise<Json | undefined> {
  return evaluate({ text, input, bindings: {}, now: now.toISOString(), seed: 'test' });
}

/**
 * The config that a node sees, as in the engine: defaults filled in, and every `{% … %}` in a field that the schema marks as
 * an expression replaced by its value for this input; a field whose expression gives nothing has its default, if there is one.
 */
export async function evaluateConfig(schema: TSchema, config: Json, input: Json, now: Date): Promise<Json> {
  const whole = withDefaults(schema, readJson(writeJson(config)));
  return withDefaults(schema, (await evaluated(schema, whole, (text) => evaluateText(text, input, now))) ?? {});
}

/** Filled in in place. */
function withDefaults(schema: TSchema, config: Json): Json {
  return Value.Default(schema, config) as Json;
}

interface Schema {
  readonly 'x-expression'?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
/** Inside the literal value of an expression field everything may be an expression, as in the engine. */
const anywhere: Schema = { 'x-expression': true };

type Evaluate = (text: string) => Promise<Json | undefined>;

async function evaluated(schema: Schema, value: Json, evaluate: Evaluate): Promise<Json | undefined> {
  const expression = schema['x-expression'] ? expressionOf(value) : undefined;
  if (expression !== undefined) return evaluate(expression);
  const items = schema['x-expression'] ? anywhere : schema.items;
  if (Array.isArray(value) && items) {
    return Promise.all(value.map(async (item) => (await evaluated(items, item, evaluate)) ?? null));
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, inner]) => [key, await evaluated(memberOf(schema, key), inner, evaluate)] as const,
  );
  return Object.fromEntries((await Promise.all(entries)).filter(([, inner]) => inner !== undefined)) as Json;
}

function memberOf(schema: Schema, key: string): Schema {
  if (schema['x-expression']) return anywhere;
  const byPattern = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key));
  return schema.properties?.[key] ?? byPattern?.[1] ?? {};
}
