import { AnyJson, defineNode, MillraceError } from '@millrace/contract';
import Type from 'typebox';

export default defineNode({
  id: 'core/note',
  version: 1,
  title: 'Note',
  summary: 'A remark for those who read the flow; it does nothing.',
  docs: 'It has no ports: no edge leads to it or away from it.',
  icon: 'note',
  annotation: true,
  config: Type.Object(
    {
      text: Type.String({
        title: 'Text',
        description: 'What there is to say, as Markdown.',
        minLength: 1,
        maxLength: 10_000,
        examples: ['The ERP answers within the hour; ask **Karin** when it does not.'],
      }),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: {},
  effect: 'pure',
  examples: [
    {
      title: 'A run that came to a note would fail',
      config: { text: 'The ERP answers within the hour.' },
      input: {},
      expect: { error: 'NOTE_NOT_RUN' },
    },
  ],
  run() {
    throw new MillraceError(
      'NOTE_NOT_RUN',
      'A note is a remark and cannot be run; take away the edge that leads to it.',
    );
  },
});
