import type { Json } from '@millrace/contract';

interface Shape {
  readonly properties?: Readonly<Record<string, { readonly const?: Json }>>;
  readonly anyOf?: readonly Shape[];
}

/**
 * A value with the fields that its schema fixes, which no form asks for. Of several ways the first one counts that knows all
 * fields of the value.
 */
export function withConstants(value: Readonly<Record<string, Json>>, schema: Shape): Record<string, Json> {
  const ways = schema.anyOf ?? [schema];
  const way = ways.find(({ properties = {} }) => Object.keys(value).every((name) => name in properties && fits(value, name, properties)));
  const fixed = Object.entries(way?.properties ?? {}).flatMap(([name, field]) =>
    field.const === undefined ? [] : [[name, field.const] as const],
  );
  return { ...Object.fromEntries(fixed), ...value };
}

function fits(value: Readonly<Record<string, Json>>, name: string, properties: NonNullable<Shape['properties']>): boolean {
  const fixed = properties[name]?.const;
  return fixed === undefined || fixed === value[name];
}
