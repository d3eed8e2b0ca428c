import { ExactNumber, type Json, MillraceError } from '@millrace/contract';
import { type Activation, type Focus, type HostFunctions, unfitArgument } from './host.ts';

/** What a key stands for, in all time or from a day on (`from`) until before another (`to`); days as ISO dates. */
export interface CodeValue {
  readonly value: Json;
  readonly from?: string;
  readonly to?: string;
}

/** A code table: values by key. Periods of one key do not overlap. */
export type CodeTable = Readonly<Record<string, readonly CodeValue[]>>;
export type CodeTables = Readonly<Record<string, CodeTable>>;

/**
 * Look-ups in code tables. The table's name is written out as text, so that the tables an expression needs are known
 * before it runs. A missing key gives nothing; a key that the table lacks is an error unless a default is given.
 */
export const lookupFunctions: HostFunctions = {
  lookup: { signature: '<x-xx?:x>', call: lookup },
  lookupOptional: { signature: '<sx:x>', call: lookupOptional },
  lookupOn: { signature: '<sxsx?:x>', call: lookupOn },
  lookupKey: { signature: '<sxx?:x>', call: lookupKey },
};

/** With an object in place of a table it is JSONata's own function. */
function lookup(this: Focus, table: unknown, key: unknown, otherwise?: unknown): unknown {
  if (typeof table !== 'string') return lookupIn(this, table, key);
  return found(valueAt(this, table, key, today(this)), key, otherwise);
}

function lookupIn({ builtIn }: Focus, object: unknown, key: unknown): unknown {
  if (typeof key !== 'string') throw unfitArgument('lookup', 'a text as its second argument');
  return builtIn('lookup', object, key);
}

function lookupOptional(this: Activation, table: string, key: unknown): unknown {
  return valueAt(this, table, key, today(this))?.value;
}

/** As it held on a day: the first ten characters of a date or date-time. */
function lookupOn(this: Activation, table: string, key: unknown, date: string, otherwise?: unknown): unknown {
  if (date === undefined) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}/.test(date)) throw unfitArgument('lookupOn', 'an ISO 8601 date as its third argument');
  return found(valueAt(this, table, key, date.slice(0, 10)), key, otherwise);
}

/** The first key, in the order of the table, that stands for the value. */
function lookupKey(this: Activation, table: string, value: unknown, otherwise?: unknown): unknown {
  if (value === undefined) return undefined;
  const day = today(this);
  const entries = Object.entries(tableOf(this, table));
  const wanted = JSON.stringify(value);
  const entry = entries.find(([, values]) => JSON.stringify(holding(values, day)?.value) === wanted);
  if (entry) return entry[0];
  return otherwise === undefined ? unknownCode('holds no key for the value') : otherwise;
}

function valueAt(activation: Activation, table: string, key: unknown, day: string): CodeValue | undefined {
  const values = tableOf(activation, table);
  if (key === undefined) return undefined;
  if (!(key instanceof ExactNumber) && !['string', 'number', 'boolean'].includes(typeof key))
    throw unfitArgument('lookup', 'a text or number as key');
  const name = String(key);
  return Object.hasOwn(values, name) ? holding(values[name] ?? [], day) : undefined;
}

function holding(values: readonly CodeValue[], day: string): CodeValue | undefined {
  return values.find(({ from, to }) => (from === undefined || from <= day) && (to === undefined || day < to));
}

function found(entry: CodeValue | undefined, key: unknown, otherwise: unknown): unknown {
  if (entry) return entry.value;
  if (key === undefined) return undefined;
  return otherwise === undefined ? unknownCode('has no entry for the key') : otherwise;
}

function tableOf(activation: Activation, name: string): CodeTable {
  const { tables } = activation;
  if (Object.hasOwn(tables, name)) return tables[name] as CodeTable;
  throw new MillraceError(
    'CODE_TABLE_UNKNOWN',
    'There is no such code table in this environment; its name must stand in the expression as text.',
  );
}

/** Neither key nor value is told: they are data. */
function unknownCode(what: string): never {
  throw new MillraceError('CODE_UNKNOWN', `The code table ${what}.`);
}

/** The day of the step's activation, in UTC. */
function today({ ms }: Activation): string {
  return new Date(ms).toISOString().slice(0, 10);
}
