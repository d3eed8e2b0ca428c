import { AnyJson, defineTrigger } from '@millrace/contract';
import Type from 'typebox';
import { Topic } from './topic.ts';

export default defineTrigger({
  id: 'core/event',
  version: 1,
  title: 'Event',
  summary: 'Starts a run when a flow publishes an event on a topic.',
  docs: 'Flows publish with “Publish event”; every flow that listens to the topic gets a run of its own.',
  icon: 'broadcast',
  config: Type.Object({ topic: Topic }, { additionalProperties: false }),
  outputs: { out: AnyJson },
  activation: ({ topic }) => ({ kind: 'event', topic }),
  examples: [
    {
      title: 'Every acknowledged order',
      config: { topic: 'order.acknowledged' },
      payload: { id: 'D-1001' },
    },
  ],
});
