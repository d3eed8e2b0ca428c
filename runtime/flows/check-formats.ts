import { expressionOf, isObject, type Json, MillraceError, type Problem } from '@millrace/contract';
import { FieldMap, fieldMapProblems } from '@millrace/mapping';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { readRule, ruleOf } from '../triggers/schedules/times/rule.ts';
import { isTimeZone } from '../triggers/schedules/times/zone.ts';

/** JSON Schema formats of settings that take more than a pattern to check. */
const formats: Readonly<Record<string, (text: string) => Pick<Problem, 'code' | 'message'> | undefined>> = {
  'schedule-rule': scheduleRule,
  'time-zone': timeZone,
};

/** What is wrong with settings whose schema names one of our formats; expressions are looked at when they have values. */
export function checkFormats(value: Json | undefined, schema: TSchema | undefined, at: string): Problem[] {
  const { format, properties, items } = (schema ?? {}) as {
    format?: string;
    properties?: Record<string, TSchema>;
    items?: TSchema;
  };
  if (format === 'field-map') return fieldMap(value, at);
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => checkFormats(item, items, `${at}/${index}`));
  if (isObject(value))
    return Object.entries(properties ?? {}).flatMap(([name, inner]) =>
      checkFormats(value[name], inner, `${at}/${name}`),
    );
  if (typeof value !== 'string' || expressionOf(value) !== undefined) return [];
  const problem = format === undefined ? undefined : formats[format]?.(value);
  return problem ? [{ ...problem, pointer: at }] : [];
}

/** Its expressions are read with all others of the flow; what does not have the form at all, the schema tells. */
function fieldMap(value: Json | undefined, at: string): Problem[] {
  if (!Value.Check(FieldMap, value)) return [];
  return fieldMapProblems(value, at).filter(({ code }) => code !== 'EXPRESSION_PARSE');
}

function scheduleRule(text: string): Pick<Problem, 'code' | 'message'> | undefined {
  try {
    readRule(ruleOf(text));
    return undefined;
  } catch (error) {
    if (error instanceof MillraceError) return { code: error.code, message: error.message };
    throw error;
  }
}

function timeZone(text: string): Pick<Problem, 'code' | 'message'> | undefined {
  if (isTimeZone(text)) return undefined;
  return { code: 'TIME_ZONE_UNKNOWN', message: `“${text}” is no time zone; write one such as Europe/Stockholm.` };
}
