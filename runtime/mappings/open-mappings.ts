import { type ChosenMapping, type Json, MillraceError, writeJson } from '@millrace/contract';
import type { LayeredMapping } from '@millrace/flow';
import { fieldsToText, LeastRecentlyUsed, negotiate } from '@millrace/mapping';
import type { Database } from '../postgres/database.ts';
import { loadMappings } from '../postgres/mappings/load-mappings.ts';
import { loadOverride, type Override } from '../postgres/mappings/overrides.ts';
import { linesOf } from './layers.ts';

/** Of what run a mapping is asked for. */
export interface MappingUser {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  /** Of the flow. */
  readonly version: string;
}

/** The mappings in layers as runs need them. */
export interface OpenMappings {
  /**
   * The flow's mapping of that name, for the version of the other system that was asked for, under the tenant's own lines as
   * they are now.
   * @param today in the tenant's time zone, such as 2026-03-31
   * @throws {MillraceError} `MAPPING_UNKNOWN`, `MAPPING_VERSION_UNSUPPORTED`
   */
  choose(user: MappingUser, name: string, asked: string | undefined, today: string): Promise<ChosenMapping>;
}

/** Characters of mappings, and of the texts made of them, that are kept in memory at most. */
const mostKept = 4_000_000;

/** What a version of a flow brings along never changes; the tenant's own lines are asked for each time. */
export function openMappings({ byIndex }: Pick<Database, 'byIndex'>): OpenMappings {
  const brought = new LeastRecentlyUsed<readonly LayeredMapping[]>(mostKept);
  const texts = new LeastRecentlyUsed<string>(mostKept);

  return {
    async choose(user, name, asked, today) {
      const own = await byIndex.asTenants([user.tenant], (tx) => loadOverride(tx, { ...user, mapping: name }));
      const mapping = (await mappingsOf(user)).find((each) => each.name === name);
      if (!mapping) throw unknown(name);
      const { version: chosen, warning } = negotiate(mapping.versions, asked, today);
      const { version, status } = chosen;
      const text = textOf(user, mapping, version, own);
      return {
        version,
        status,
        text,
        ...(warning !== undefined && { warning }),
        ...(mapping.target && { target: mapping.target as Json }),
      };
    },
  };

  async function mappingsOf({ tenant, version }: MappingUser): Promise<readonly LayeredMapping[]> {
    const key = `${tenant}/${version}`;
    const known = brought.find(key);
    if (known) return known;
    const loaded = await byIndex.asTenants([tenant], (tx) => loadMappings(tx, version));
    return brought.keep(key, writeJson(loaded as unknown as Json).length, loaded);
  }

  function textOf(user: MappingUser, mapping: LayeredMapping, version: string, own: Override | undefined): string {
    const key = JSON.stringify([user.tenant, user.version, mapping.name, version, own?.id]);
    const known = texts.find(key);
    if (known !== undefined) return known;
    const text = fieldsToText(linesOf(mapping, version, own?.fields));
    return texts.keep(key, text.length, text);
  }
}

function unknown(name: string): MillraceError {
  return new MillraceError('MAPPING_UNKNOWN', `The flow brings no mapping “${name}” along.`, { category: 'internal' });
}
