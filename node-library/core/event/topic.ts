import Type from 'typebox';

/** What an event is about; publisher and listeners name the same. */
export const Topic = Type.String({
  title: 'Topic',
  description: 'What the event is about; letters, digits, - and _ between dots.',
  pattern: '^[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*$',
  maxLength: 200,
  examples: ['order.acknowledged'],
});
