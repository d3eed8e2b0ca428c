import type { Json } from '@millrace/contract';
import Type from 'typebox';
import { type Route, route } from './route.ts';
import { Uuid } from './schemas.ts';
import { whoOf } from './who.ts';

const Replay = Type.Object(
  {
    from: Type.String({ minLength: 1, maxLength: 1000, description: 'Key of the step to begin with' }),
    input: Type.Optional(
      Type.Unsafe<Json>({
        description: 'In place of what the step got; at a join an object with the fields that its input has',
      }),
    ),
    version: Type.Optional(
      Type.Enum(['own', 'deployed'], {
        description:
          'The version that the run has run on, unless `deployed` is said: the one that serves where it ran, with its parameters and connections',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Doing a run again from one of its steps. */
export const replayRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/runs/:id/replay',
    action: 'runs.replay',
    tag: 'Runs',
    summary: 'Run again from a step',
    description: `A new run of the same version, or of the one that serves now, begins at a step of one that has ended. With the input unchanged it writes with the
same idempotency keys, so that receivers recognise what they have got before; with an edited input it writes with new ones.
What goes by no key happens again: records are written once more, and flows are called anew, with keys of their own.
Other branches that had not come to their end go on from where they stood.`,
    params: Type.Object({ id: Uuid }),
    body: Replay,
    answers: { 202: { description: 'The new run has begun', schema: Type.Object({ runId: Uuid }) } },
    async handle({ params: { id }, body: { from, input, version = 'own' }, identity, author }, { engine }) {
      const request = { tenant: identity.tenant.id, run: id, from, version, by: whoOf(identity) };
      const runId = await engine.replay({ ...request, ...(input !== undefined && { input }) }, author);
      return { status: 202, body: { runId } };
    },
  }),
];
