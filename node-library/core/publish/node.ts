import { AnyJson, defineNode, Expression, emit, type Json, SameAsInput } from '@millrace/contract';
import Type from 'typebox';
import { Topic } from '../event/topic.ts';

export default defineNode({
  id: 'core/publish',
  version: 1,
  title: 'Publish event',
  summary: 'Starts every flow that listens to a topic.',
  docs: `Each flow of the same tenant and environment that is deployed with a trigger “Event” on the topic gets a run of its
own, exactly once. Where nobody listens, nothing happens. The input goes on unchanged.`,
  icon: 'broadcast',
  config: Type.Object(
    {
      topic: Expression(Topic),
      payload: Expression(
        Type.Unknown({
          title: 'Data',
          description: 'What the flows get; {% $ %} is the input itself.',
          examples: ['{% order %}'],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: { out: SameAsInput(AnyJson) },
  effect: 'stored',
  examples: [
    {
      title: 'An order was acknowledged',
      config: { topic: 'order.acknowledged', payload: '{% { "id": id } %}' },
      input: { id: 'D-1001', erp_order_id: '4711' },
      expect: { port: 'out', data: { id: 'D-1001', erp_order_id: '4711' } },
    },
  ],
  async run(input, { topic, payload }, { runs }) {
    await runs.publish(topic, payload as Json);
    return emit('out', input);
  },
});
