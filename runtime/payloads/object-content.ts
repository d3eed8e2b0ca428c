import { MillraceError } from '@millrace/contract';
import type { ObjectStorage } from '@millrace/object-storage';
import type { Database } from '../postgres/database.ts';
import { completePayload, insertPayload } from '../postgres/payloads/payload.ts';
import type { ContentKeeper } from './content.ts';
import { blobMissing } from './missing.ts';

/** Content as objects of a folder or bucket. The row is there before the object: no object is ever unknown. */
export function objectContent(storage: ObjectStorage, database: Database): ContentKeeper {
  return {
    async write(payload, content, measure) {
      const { id, tenant } = payload;
      await database.asTenants([tenant], (tx) => insertPayload(tx, payload));
      await storage.put(keyOf(payload), measure.of(content), { contentType: payload.mediaType });
      await database.asTenants([tenant], (tx) => completePayload(tx, id, measure.total()));
    },
    async *read(payload, from) {
      if (from >= payload.bytes) return;
      const { content } = await storage.get(keyOf(payload), { from }).catch((thrown: unknown) => {
        throw isNotFound(thrown) ? blobMissing(payload.name, thrown) : thrown;
      });
      yield* content;
    },
    remove: (payload) => storage.delete(keyOf(payload)),
  };
}

/** Spread over folders, none of which grows too long. */
function keyOf({ id, tenant }: { readonly id: string; readonly tenant: string }): string {
  return `${tenant}/${id.slice(0, 2)}/${id}`;
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof MillraceError && thrown.code === 'OBJECT_NOT_FOUND';
}
