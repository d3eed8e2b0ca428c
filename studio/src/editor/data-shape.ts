import { ExactNumber, isObject, type Json } from '@millrace/contract';

/** A field of some data. */
export interface FieldShape {
  /** `lines[].sku`: a list's items are looked at together. */
  readonly path: string;
  readonly type: string;
  /** Its first value, where it is no object or list. */
  readonly example: string | undefined;
}

const mostItems = 50;
const deepest = 8;

/** All fields of some data with their types, in their order. */
export function fieldsOf(data: Json): FieldShape[] {
  const found = new Map<string, { types: Set<string>; example: string | undefined }>();
  const visit = (value: Json, path: string, depth: number) => {
    if (path !== '') {
      const known = found.get(path) ?? { types: new Set(), example: undefined };
      known.types.add(typeOf(value));
      known.example ??= isPlain(value) ? textOf(value) : undefined;
      found.set(path, known);
    }
    if (depth > deepest) return;
    if (Array.isArray(value)) for (const item of value.slice(0, mostItems)) visit(item, `${path}[]`, depth + 1);
    else if (isObject(value))
      for (const [name, inner] of Object.entries(value))
        visit(inner, path === '' ? name : `${path}.${name}`, depth + 1);
  };
  visit(data, '', 0);
  return [...found].map(([path, { types, example }]) => ({ path, type: [...types].sort().join(' | '), example }));
}

/** Data as rows and columns. */
export interface TableShape {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A list of objects as a table; of an object that holds one such list, that list; nothing where there is none. */
export function tableOf(data: Json): TableShape | undefined {
  const list = listIn(data);
  if (!list) return undefined;
  const columns = [...new Set(list.slice(0, mostItems).flatMap((row) => Object.keys(row)))];
  return { columns, rows: list.map((row) => columns.map((name) => cellOf(row[name]))) };
}

function listIn(data: Json): readonly Readonly<Record<string, Json>>[] | undefined {
  const lists = Array.isArray(data) ? [data] : isObject(data) ? Object.values(data).filter(Array.isArray) : [];
  const [list] = lists.length === 1 ? lists : [];
  const rows = list?.filter((item): item is Record<string, Json> & Json => isObject(item)) ?? [];
  return rows.length > 0 && rows.length === list?.length ? rows : undefined;
}

function cellOf(value: Json | undefined): string {
  if (value === undefined) return '';
  if (isPlain(value)) return textOf(value);
  return Array.isArray(value) ? `[${value.length}]` : '{…}';
}

function isPlain(value: Json): boolean {
  return !Array.isArray(value) && !isObject(value);
}

function textOf(value: Json): string {
  return value === null ? 'null' : String(value);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return value instanceof ExactNumber || typeof value === 'number' ? 'number' : typeof value;
}
