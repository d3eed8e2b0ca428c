import { AnyJson, defineTrigger } from '@millrace/contract';
import Type from 'typebox';

export default defineTrigger({
  id: 'core/manual',
  version: 1,
  title: 'By hand',
  summary: 'Starts a run from the studio, the API or the command line, with data given there.',
  icon: 'player-play',
  config: Type.Object({}, { additionalProperties: false }),
  outputs: { out: AnyJson },
  activation: () => ({ kind: 'manual' }),
  examples: [{ title: 'A re-export started by an operator', config: {}, payload: { orderId: 'D-1001' } }],
});
