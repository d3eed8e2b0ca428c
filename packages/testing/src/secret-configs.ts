/** A JSON Schema, as far as configs of connections need it. */
interface Field {
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Field[];
  readonly 'x-secret'?: boolean;
}

/** A config of a connection type with something in every secret field. */
export interface SecretConfig {
  readonly config: Readonly<Record<string, unknown>>;
  /** Field → what stands in it. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * A config for each sort of connection of a type that has secrets, made out of its schema's own examples; it leads to this
 * machine, to a port at which nobody answers.
 * @param schema the type's config
 * @param secretOf what is to stand in a secret field; differs from field to field, and is long enough for all of them
 */
export function secretConfigs(schema: unknown, secretOf: (field: string, sort: number) => string): SecretConfig[] {
  return sortsOf(schema as Field).flatMap((sort, n) => {
    const fields = Object.entries(sort.properties ?? {});
    const secrets = fields.filter(([, field]) => field['x-secret']).map(([name]) => [name, secretOf(name, n)] as const);
    if (secrets.length === 0) return [];
    const others = fields.flatMap(([name, field]) => {
      const value = settingOf(name, field, sort.required?.includes(name) ?? false);
      return value === undefined || field['x-secret'] ? [] : [[name, value] as const];
    });
    return [{ config: Object.fromEntries([...others, ...secrets]), secrets: Object.fromEntries(secrets) }];
  });
}

function sortsOf(schema: Field): readonly Field[] {
  return schema.anyOf?.flatMap(sortsOf) ?? [schema];
}

function settingOf(name: string, field: Field, isRequired: boolean): unknown {
  if (name === 'host') return '127.0.0.1';
  if (name === 'port') return 65_000;
  const value = field.const ?? field.examples?.[0] ?? field.default ?? field.enum?.[0];
  if (typeof value === 'string' && /^https?:/.test(value)) return 'http://127.0.0.1:65000';
  return value ?? (isRequired && field.type === 'string' ? 'somebody' : undefined);
}
