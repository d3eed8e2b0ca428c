import { AnyJson, defineNode, emit } from '@millrace/contract';
import Type from 'typebox';
import type { StoreConfig } from '../store/config.ts';
import { Key } from '../store/key-field.ts';
import { storeOf } from '../store/open.ts';

const DeleteConfig = Type.Object(
  { key: Key('Name of the object.', '{% "exports/" & draft_order_id & ".json" %}') },
  { additionalProperties: false },
);

export default defineNode<typeof DeleteConfig, StoreConfig>({
  id: 'object-store/delete',
  version: 1,
  title: 'Delete from object store',
  summary: 'Removes the object under a key; where there is none, nothing happens.',
  icon: 'bucket-off',
  connection: 'object-store/store',
  config: DeleteConfig,
  input: AnyJson,
  outputs: { out: Type.Object({ key: Type.String({ description: 'The key that holds no object now.' }) }) },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'An export that is no longer needed',
      config: { key: '{% "exports/" & draft_order_id & ".json" %}' },
      input: { draft_order_id: 'D-1001' },
      expect: { port: 'out', data: { key: 'exports/D-1001.json' } },
    },
  ],
  async run(_input, { key }, ctx) {
    await storeOf(ctx).delete(key);
    return emit('out', { key });
  },
});
