import Type, { type TSchema, type TUnsafe } from 'typebox';

/** An expression in a flow's config: JSONata between `{%` and `%}` (the convention of Amazon States Language). */
export const expressionPattern = /^\{%([\s\S]*)%\}$/;

/** The JSONata inside `{% … %}`, or nothing where the value is a literal. */
export function expressionOf(value: unknown): string | undefined {
  return typeof value === 'string' ? expressionPattern.exec(value)?.[1]?.trim() : undefined;
}

/**
 * Marks a config field that may hold an expression; the node sees the evaluated value, of the given schema.
 * In a flow document the field accepts the literal *or* `{% … %}`; see {@link authoringSchema}.
 */
export function Expression<T extends TSchema>(schema: T): T {
  return { ...schema, 'x-expression': true };
}

/** Marks a secret of a connection: stored encrypted, never returned, a password field in forms. */
export function Secret<T extends TSchema>(schema: T): T {
  return { ...schema, 'x-secret': true };
}

/** Marks a secret that is valid besides the named one for a while, once that was replaced; with {@link Secret}. */
export function PreviousOf<T extends TSchema>(current: string, schema: T): T {
  return { ...schema, 'x-previous-of': current };
}

/** Marks an output port as a failure: emitting there with no edge attached fails the step with this code. */
export function Failure<T extends TSchema>(code: string, schema: T): T {
  return { ...schema, 'x-failure': code };
}

/** The code of a failure port, or nothing for an ordinary one. */
export function failureCode(output: TSchema): string | undefined {
  return (output as { 'x-failure'?: string })['x-failure'];
}

/** Marks an output whose data fits the JSON Schema that the config has in this field; where it has none, nothing is known. */
export function FitsConfig<T extends TSchema>(field: string, schema: T): T {
  return { ...schema, 'x-fits-config': field };
}

/** Marks an output that is the node's input as it came. */
export function SameAsInput<T extends TSchema>(schema: T): T {
  return { ...schema, 'x-same-as-input': true };
}

/** What {@link FitsConfig} and {@link SameAsInput} say of an output. */
export function outputMarks(output: TSchema): { readonly fitsConfig?: string; readonly sameAsInput?: true } {
  const marks = output as { 'x-fits-config'?: string; 'x-same-as-input'?: true };
  return {
    ...(marks['x-fits-config'] !== undefined && { fitsConfig: marks['x-fits-config'] }),
    ...(marks['x-same-as-input'] && { sameAsInput: true }),
  };
}

/** Any JSON. */
export const AnyJson = Type.Unknown();

/** One JSONata text without braces, evaluated by the node itself (`ctx.evaluate`), never before it. */
export function JsonataText(
  options: { title?: string; description?: string; examples?: string[] } = {},
): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', format: 'jsonata', ...options });
}

/** A JSON Schema that a flow brings along (draft 2020-12 unless it says otherwise); the check of a flow reads it. */
export function JsonSchema(options: { title?: string; description?: string; examples?: object[] } = {}) {
  return Type.Record(Type.String(), AnyJson, { format: 'json-schema', ...options });
}

/** An ISO 8601 duration (`PT15M`, `P7D`) or the short form (`15m`, `7d`). */
export function Duration(
  options: { title?: string; description?: string; default?: string; examples?: string[] } = {},
) {
  return Type.String({ format: 'time-span', pattern: durationPattern.source, ...options });
}

const durationPattern =
  /^(?:P(?=.)(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?|\d+(?:ms|s|m|h|d|w))$/;
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Milliseconds of a duration.
 * @throws {RangeError} when the text is not a duration of the accepted forms
 */
export function durationMs(text: string): number {
  const short = /^(\d+)(ms|s|m|h|d|w)$/.exec(text);
  if (short) return Number(short[1]) * units[short[2] as keyof typeof units];
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!iso || !durationPattern.test(text)) throw new RangeError(`“${text}” is not a duration such as PT15M or 15m.`);
  const [w = 0, d = 0, h = 0, m = 0, s = 0] = iso.slice(1).map((part) => Number(part ?? 0));
  return w * units.w + d * units.d + h * units.h + m * units.m + s * units.s;
}

/** The config schema as a flow's author meets it: every expression field also accepts `{% … %}`. */
export function authoringSchema(schema: TSchema): TSchema {
  return rewrite(schema) as TSchema;
}

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewrite(inner)]));
  if (copy['x-expression'] !== true) return copy;
  return { anyOf: [{ type: 'string', pattern: expressionPattern.source }, copy] };
}
