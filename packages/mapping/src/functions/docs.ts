import type { DocsByName } from '@millrace/jsonata/language';

/** What each of our functions is for; those of JSONata itself are documented with the language. */
export const hostDocs: DocsByName = {
  list: {
    parameters: 'source, function?',
    summary: 'Always a list: empty without a source, of one for a single value; with a function its answers.',
    example: { expression: '$list(line)', input: { line: { sku: 'A' } }, result: [{ sku: 'A' }] },
  },
  required: {
    parameters: 'value, pointer',
    summary: 'The value, or the error FIELD_REQUIRED with the place in the target where there is none.',
    example: { expression: '$required(id, "/header/order_id")', input: { id: 'D-1001' }, result: 'D-1001' },
  },
  date: {
    parameters: 'date, zone?',
    summary: 'The day of a date or date-time: as it is written, or as it is in a time zone.',
    example: { expression: '$date("2026-11-21T23:30:00Z", "Europe/Stockholm")', result: '2026-11-22' },
  },
  dateAdd: {
    parameters: 'date, duration',
    summary: 'A date or date-time and a duration; with a - in front the duration is taken off.',
    example: { expression: '$dateAdd("2026-11-21", "P7D")', result: '2026-11-28' },
  },
  dateCompact: {
    parameters: 'date',
    summary: 'A date-time in UTC, short enough for a file name.',
    example: { expression: '$dateCompact("2025-12-27T10:00:00Z")', result: '20251227T100000Z' },
  },
  money: {
    parameters: 'amount',
    summary: 'A number or decimal text as an exact number.',
    example: { expression: '$money("12.50")', result: 12.5 },
  },
  moneySum: {
    parameters: 'amounts',
    summary: 'The exact sum of a list of amounts.',
    example: { expression: '$moneySum([0.1, 0.2])', result: 0.3 },
  },
  moneyAdd: {
    parameters: 'first, second',
    summary: 'The exact sum of two amounts.',
    example: { expression: '$moneyAdd(0.1, 0.2)', result: 0.3 },
  },
  moneySubtract: {
    parameters: 'first, second',
    summary: 'The exact difference of two amounts.',
    example: { expression: '$moneySubtract(0.3, 0.1)', result: 0.2 },
  },
  moneyMultiply: {
    parameters: 'first, second',
    summary: 'The exact product of two amounts.',
    example: { expression: '$moneyMultiply(3, 0.1)', result: 0.3 },
  },
  moneyDivide: {
    parameters: 'amount, divisor, digits?',
    summary: 'The quotient rounded to so many digits behind the point (2), a half away from zero.',
    example: { expression: '$moneyDivide(10, 3)', result: 3.33 },
  },
  moneyRound: {
    parameters: 'amount, digits?',
    summary: 'The amount rounded to so many digits behind the point (2), a half away from zero.',
    example: { expression: '$moneyRound(2.345)', result: 2.35 },
  },
  escapeHtml: {
    parameters: 'text',
    summary: 'The text as HTML shows it, between tags and within a quoted attribute.',
    example: {
      expression: '"<b>" & $escapeHtml(name) & "</b>"',
      input: { name: 'Löf & Son' },
      result: '<b>Löf &amp; Son</b>',
    },
  },
  lookup: {
    parameters: 'table, key, default?',
    summary: 'What a code table has for a key today; without a default a key that it lacks is an error.',
    example: { expression: '$lookup("units", uom)', input: { uom: 'PCE' }, result: 'ST' },
  },
  lookupOptional: {
    parameters: 'table, key',
    summary: 'What a code table has for a key today, or nothing.',
    example: { expression: '$lookupOptional("units", "BOX") ?? "none"', result: 'none' },
  },
  lookupOn: {
    parameters: 'table, key, date, default?',
    summary: 'What a code table had, or will have, for a key on a day.',
    example: { expression: '$lookupOn("units", "PCE", "2026-11-21")', result: 'ST' },
  },
  lookupKey: {
    parameters: 'table, value, default?',
    summary: 'The first key for which a code table has the value today.',
    example: { expression: '$lookupKey("units", "ST")', result: 'PCE' },
  },
};
