import { existsSync } from 'node:fs';
import type { Database } from '../postgres/database.ts';
import type { MasterKeys } from './envelope.ts';
import { ensureKeyFile } from './key-file.ts';
import { type KeyPlaces, keySource, masterKeysOf } from './master-keys.ts';
import { keysInUse, requireKeys } from './rotate-keys.ts';

/**
 * The master keys of an instance. Where they are a file that is missing, it is made, unless secrets are there already, which
 * no new key would open.
 * @throws {MillraceError} `MASTER_KEY_MISSING`, `MASTER_KEY_INVALID`
 */
export async function openMasterKeys(database: Database, places: KeyPlaces): Promise<MasterKeys> {
  const source = keySource(places);
  const inUse = [...(await keysInUse(database)).keys()];
  if (source.file !== undefined && !existsSync(source.file)) {
    requireKeys(inUse, { find: () => undefined }, source.name);
    ensureKeyFile(source.file);
  }
  const masterKeys = masterKeysOf(source);
  requireKeys(inUse, masterKeys, source.name);
  return masterKeys;
}
