import { expressionOf, type Json, MillraceError, type Problem } from '@millrace/contract';
import { FieldMap, fieldMapProblems } from '@millrace/mapping';
import { isTimeZone, readRule, ruleOf } from '@millrace/schedule';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { formattedPlaces } from './formatted-places.ts';

type Check = (value: Json, at: string) => Problem[];

/** JSON Schema formats of settings that take more than a pattern to check. JSON Schemas are checked by `check-schemas.ts`. */
const formats: Readonly<Record<string, Check>> = {
  'field-map': fieldMap,
  'schedule-rule': ofText(scheduleRule),
  'time-zone': ofText(timeZone),
};

/** What is wrong with settings whose schema names one of our formats; expressions are looked at when they have values. */
export function checkFormats(value: Json | undefined, schema: TSchema | undefined, at: string): Problem[] {
  return formattedPlaces(value, schema, at).flatMap(
    (place) => formats[place.format]?.(place.value, place.pointer) ?? [],
  );
}

/** Its expressions are read with all others of the flow; what does not have the form at all, the schema tells. */
function fieldMap(value: Json, at: string): Problem[] {
  if (!Value.Check(FieldMap, value)) return [];
  return fieldMapProblems(value, at).filter(({ code }) => code !== 'EXPRESSION_PARSE');
}

function ofText(problemOf: (text: string) => Pick<Problem, 'code' | 'message'> | undefined): Check {
  return (value, at) => {
    if (typeof value !== 'string' || expressionOf(value) !== undefined) return [];
    const problem = problemOf(value);
    return problem ? [{ ...problem, pointer: at }] : [];
  };
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
