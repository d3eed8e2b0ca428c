import type { Problem } from '@millrace/contract';
import type { ErrorSchema, RJSFSchema, UiSchema } from '@rjsf/utils';

type Part = RJSFSchema | boolean | undefined;

/**
 * The schema as the form draws it: without the fields that are edited elsewhere, without alternatives that only say which
 * fields belong together (they would become a choice of their own; the server checks them), and with open-ended objects
 * said in the one way that the form library draws.
 * @param hidden names of top-level fields that are edited elsewhere
 */
export function formSchema({ oneOf, anyOf, ...schema }: RJSFSchema, hidden: readonly string[] = []): RJSFSchema {
  const onlyRequire = [...(oneOf ?? []), ...(anyOf ?? [])].every(
    (way) => typeof way === 'object' && Object.keys(way).every((key) => key === 'required' || key === 'title'),
  );
  const ways = onlyRequire ? {} : { ...(oneOf && { oneOf }), ...(anyOf && { anyOf }) };
  const shown = Object.entries(schema.properties ?? {}).filter(([name]) => !hidden.includes(name));
  return openEnded({
    ...schema,
    ...ways,
    ...(schema.properties && { properties: Object.fromEntries(shown) }),
  }) as RJSFSchema;
}

/** `patternProperties` with one pattern for all names is said as `additionalProperties`, and each of several ways has a title. */
function openEnded(schema: Part): Part {
  if (typeof schema !== 'object') return schema;
  const { patternProperties, ...rest } = schema;
  const [values] = Object.values(patternProperties ?? {});
  return {
    ...rest,
    ...(values !== undefined && { additionalProperties: openEnded(values) }),
    ...(rest.properties && {
      properties: Object.fromEntries(
        Object.entries(rest.properties).map(([name, inner]) => [name, openEnded(inner as Part)]),
      ),
    }),
    ...(rest.anyOf && { anyOf: rest.anyOf.map((way) => titled(openEnded(way as Part))) }),
    ...(typeof rest.items === 'object' && !Array.isArray(rest.items) && { items: openEnded(rest.items) }),
  } as RJSFSchema;
}

/** A way without a title is called by the field that tells it from the others. */
function titled(way: Part): Part {
  if (typeof way !== 'object' || way.title !== undefined) return way;
  const sign = Object.values(way.properties ?? {}).find((field) => typeof field === 'object' && 'const' in field);
  if (typeof sign !== 'object') return way;
  return {
    ...way,
    title: sign.title ?? String(sign.const),
    ...(sign.description && { description: sign.description }),
  };
}

/** Which field of the form draws which part of a schema: expressions, JSONata texts and free JSON have their own. */
export function formPlan(schema: RJSFSchema): UiSchema {
  // Of several ways one is chosen, which needs a name; the fields of a single one stand for themselves.
  return { ...planOf(schema), ...(!schema.anyOf && { 'ui:label': false }) };
}

function planOf(schema: Part): UiSchema {
  if (typeof schema !== 'object') return drawnBy('json');
  // The plan of the plain value goes along: the expression field draws it while no expression is written.
  if (schema['x-expression'] === true) return { ...drawnBy('expression'), 'ui:literal': literalPlan(schema) };
  return literalPlan(schema);
}

/** One of the studio's own fields, alone responsible for its part of the value. */
function drawnBy(field: 'expression' | 'json' | 'jsonata'): UiSchema {
  return { 'ui:field': field, 'ui:fieldReplacesAnyOrOneOf': true };
}

function literalPlan(schema: RJSFSchema): UiSchema {
  if (schema.format === 'jsonata') return drawnBy('jsonata');
  if (isFree(schema)) return drawnBy('json');
  // There is nothing to choose: the form fills it in.
  if ('const' in schema) return { 'ui:widget': 'hidden' };
  const widget = widgetFor(schema);
  if (widget !== undefined) return { ...hintOf(schema), 'ui:widget': widget };
  const { properties, items, anyOf, additionalProperties: values } = schema;
  return {
    ...hintOf(schema),
    ...(schema['x-secret'] === true && { 'ui:widget': 'password' }),
    ...(anyOf && { anyOf: anyOf.map((way) => planOf(way as Part)) }),
    ...Object.fromEntries(Object.entries(properties ?? {}).map(([name, inner]) => [name, planOf(inner as Part)])),
    ...(typeof items === 'object' && !Array.isArray(items) && { items: planOf(items) }),
    ...(typeof values === 'object' && { additionalProperties: planOf(values) }),
  };
}

const widgets: Readonly<Record<string, string>> = {
  'schedule-rule': 'schedule',
  'time-zone': 'timeZone',
  'time-span': 'duration',
  'flow-id': 'flow',
};
/** Characters from which on a text is written over several lines. */
const longText = 2000;

/** The widget for a text of a certain kind. */
function widgetFor({ type, format, maxLength = 0, ...schema }: RJSFSchema): string | undefined {
  if (type !== 'string' || schema.enum) return undefined;
  if (schema['x-secret'] === true) return 'secret';
  return widgets[format ?? ''] ?? (maxLength >= longText ? 'textarea' : undefined);
}

/** Any JSON, or an object of any JSON: nothing that a form could draw fields for. */
function isFree(schema: RJSFSchema): boolean {
  const says = ['type', 'properties', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref'].some((key) => key in schema);
  return !says || (schema.type === 'object' && !schema.properties && !isTextRecord(schema));
}

function isTextRecord({ additionalProperties: values }: RJSFSchema): boolean {
  return typeof values === 'object' && values.type === 'string';
}

/** What an empty field shows: what is taken then, or how a value could look. */
function hintOf({ default: standard, examples }: RJSFSchema): UiSchema {
  const [example] = Array.isArray(examples) ? examples : [];
  const hint = [standard, example].find((value) => ['string', 'number'].includes(typeof value));
  return hint === undefined || String(hint).startsWith('{%') ? {} : { 'ui:placeholder': String(hint) };
}

/** Problems as the form wants them: nested like the config, messages under `__errors`. */
export function formErrors(problems: readonly (Problem & { readonly field: readonly string[] })[]): ErrorSchema {
  const root: Record<string, unknown> = {};
  for (const { field, message, hint } of problems) {
    let place = root;
    for (const key of field) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    place.__errors = [
      ...((place.__errors as string[] | undefined) ?? []),
      hint === undefined ? message : `${message} ${hint}`,
    ];
  }
  return root as ErrorSchema;
}
