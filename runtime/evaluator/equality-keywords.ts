import { _, type Ajv, type FuncKeywordDefinition } from 'ajv';

/**
 * Has `const`, `enum` and `uniqueItems` ask whether values are equal as JSON. Ajv's own keywords call what data has under the
 * names `toString` and `valueOf`, and break off where that is no function.
 */
export function judgeEquality(ajv: Ajv): void {
  for (const definition of definitions) {
    ajv.removeKeyword(definition.keyword as string);
    ajv.addKeyword(definition);
  }
}

/** What the schema gives the keyword, as its error tells it. */
const told = (name: 'allowedValue' | 'allowedValues'): NonNullable<FuncKeywordDefinition['error']> => ({
  message: 'is not equal',
  params: ({ schemaCode }) => _`{${name}: ${schemaCode}}`,
});

const definitions: readonly FuncKeywordDefinition[] = [
  { keyword: 'const', errors: false, compile: (value: unknown) => isAmong([value]), error: told('allowedValue') },
  {
    keyword: 'enum',
    schemaType: 'array',
    errors: false,
    compile: (values: readonly unknown[]) => isAmong(values),
    error: told('allowedValues'),
  },
  {
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    compile: (mustDiffer: boolean) => (mustDiffer ? allDiffer : () => true),
  },
];

function isAmong(values: readonly unknown[]): (data: unknown) => boolean {
  const known = new Set(values.map(textOf));
  return (data) => known.has(textOf(data));
}

function allDiffer(items: readonly unknown[]): boolean {
  return new Set(items.map(textOf)).size === items.length;
}

/** The same for equal values, whatever the order of their fields. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, inner) => (isPlain(inner) ? withSortedNames(inner) : inner));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withSortedNames(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, value[name]]),
  );
}
