import type { Json } from '@millrace/contract';
import { ShippedTable } from '@millrace/flow';
import Type, { type Static } from 'typebox';
import { changeTable } from '../../code-tables/change-table.ts';
import {
  type CodeEntry,
  deleteCodeTable,
  listCodeTables,
  listEntries,
  saveCodeTable,
  type TableAddress,
} from '../../postgres/code-tables/code-tables.ts';
import type { Tx } from '../../postgres/database.ts';
import { compare } from '../configuration.ts';
import { jsonFile } from '../folder/file-form.ts';
import type { Application, Kind, PresentPart } from '../kind.ts';
import { tellJson } from '../tell-json.ts';

const { title, entries } = ShippedTable.properties;
/** As a flow ships one; its name is the part's. */
const Table = Type.Object({ title, entries }, { additionalProperties: false });
type Table = Static<typeof Table>;

export const codeTables: Kind = {
  id: 'code-tables',
  hasEnvironment: true,
  action: 'code-tables.edit',
  named: /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/,
  shape: Table,
  files: jsonFile,
  async read(tx, { id: tenant }) {
    const parts: PresentPart[] = [];
    for (const environment of ['sandbox', 'production'])
      for (const { name, title } of await listCodeTables(tx, tenant, environment)) {
        const value = canonical({ title, entries: await entriesOf(tx, { tenant, environment, name }) });
        parts.push({ environment, name, value, target: `code-tables/${name}` });
      }
    return parts;
  },
  canonical,
  tell: tellJson,
  async apply({ services, tenant, place, before, after }) {
    const address = { tenant: tenant.id, environment: place.environment, name: place.name };
    const { title, entries } = after as Table;
    const present = before as Table | undefined;
    await services.database.asTenants([tenant.id], async (tx) => {
      if (present?.title !== title) await saveCodeTable(tx, address, title);
      await changeTable(tx, address, { set: entries.map(stored), remove: 'all' });
    });
    return [];
  },
  remove: ({ services, tenant, place }) => drop({ services, tenant, place }),
};

async function drop({ services, tenant, place }: Pick<Application, 'services' | 'tenant' | 'place'>): Promise<void> {
  const address = { tenant: tenant.id, environment: place.environment, name: place.name };
  await services.database.asTenants([tenant.id], (tx) => deleteCodeTable(tx, address));
}

async function entriesOf(tx: Tx, address: TableAddress): Promise<Json> {
  const found = await listEntries(tx, address);
  return found.map(({ key, value, validFrom, validTo }) => ({
    key,
    value,
    ...(validFrom !== null && { validFrom }),
    ...(validTo !== null && { validTo }),
  }));
}

function stored({ key, value, validFrom = null, validTo = null }: Table['entries'][number]): CodeEntry {
  return { key, value: value as Json, validFrom, validTo };
}

/** Entries by key and day; what is open need not be told. */
function canonical(value: Json): Json {
  const { title, entries } = value as Table;
  const sorted = entries.map(withoutOpen).sort((a, b) => compare(placeOf(a), placeOf(b)));
  return { title, entries: sorted };
}

function withoutOpen({ validFrom, validTo, key, value }: Table['entries'][number]) {
  return { key, value: value as Json, ...(validFrom && { validFrom }), ...(validTo && { validTo }) };
}

function placeOf({ key, validFrom = '' }: { key: string; validFrom?: string }): string {
  return `${key}\n${validFrom}`;
}
