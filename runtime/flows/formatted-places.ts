import { isObject, type Json } from '@millrace/contract';
import type { TSchema } from 'typebox';

/** A setting whose schema names a format. */
export interface FormattedPlace {
  readonly format: string;
  readonly value: Json;
  readonly pointer: string;
}

/** Every setting of a config whose schema names a format; what is inside one is its format's own business. */
export function formattedPlaces(value: Json | undefined, schema: TSchema | undefined, at: string): FormattedPlace[] {
  const { format, properties, items } = (schema ?? {}) as {
    format?: string;
    properties?: Record<string, TSchema>;
    items?: TSchema;
  };
  if (value === undefined) return [];
  if (format !== undefined) return [{ format, value, pointer: at }];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => formattedPlaces(item, items, `${at}/${index}`));
  if (!isObject(value)) return [];
  return Object.entries(properties ?? {}).flatMap(([name, inner]) =>
    formattedPlaces(value[name], inner, `${at}/${name}`),
  );
}
