import { type ObjectStorage, openObjectStorage } from '@millrace/object-storage';
import type { Database } from '../postgres/database.ts';
import type { NewPayload, StoredPayload } from '../postgres/payloads/payload.ts';
import type { PayloadPlace } from '../postgres/payloads/take-abandoned.ts';
import { databaseContent } from './database-content.ts';
import type { Measure } from './measure.ts';
import { objectContent } from './object-content.ts';
import { placeOf } from './place.ts';

/** How content is kept in one place. */
export interface ContentKeeper {
  /** Stores the row and its content; where that fails, what is there is removed by whoever called. */
  write(payload: NewPayload, content: AsyncIterable<Uint8Array>, measure: Measure): Promise<void>;
  /** From the given byte on. @throws {MillraceError} `BLOB_MISSING` where it is not there any more */
  read(payload: StoredPayload, from: number): AsyncIterable<Uint8Array>;
  /** Removes the content; the row is removed afterwards. */
  remove(payload: PayloadPlace): Promise<void>;
}

/** The keeper for a place, by the text that is stored with a payload. */
export function keeperOf(place: string, database: Database): ContentKeeper {
  return place === 'database' ? databaseContent(database) : objectContent(storageAt(place), database);
}

/** Storages that have been used; there are as many as the setting has had values. */
const storages = new Map<string, ObjectStorage>();

export function storageAt(text: string): ObjectStorage {
  const known = storages.get(text);
  if (known) return known;
  const place = placeOf(text);
  if (place === 'database') throw new TypeError('the database is no object storage');
  const storage = openObjectStorage(place);
  storages.set(text, storage);
  return storage;
}
