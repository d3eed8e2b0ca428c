import {
  AnyJson,
  Duration,
  defineNode,
  durationMs,
  Expression,
  emit,
  MillraceError,
  reject,
  SameAsInput,
  wait,
} from '@millrace/contract';
import Type, { type Static } from 'typebox';

/** Longest delay: ten years, in milliseconds. */
const maxDelayMs = 10 * 366 * 86_400_000;

const Config = Type.Object(
  {
    for: Type.Optional(
      Expression(
        Duration({
          title: 'For',
          description: 'How long, as an ISO 8601 duration or in short: PT15M, 15m, 2d.',
          examples: ['PT15M'],
        }),
      ),
    ),
    until: Type.Optional(
      Expression(
        Type.String({
          title: 'Until',
          description: 'Date and time with its offset from UTC; a time that has passed is no delay.',
          pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})$',
          examples: ['{% order.ship_at %}'],
        }),
      ),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [
      { title: 'For a time', required: ['for'] },
      { title: 'Until a time', required: ['until'] },
    ],
  },
);

/** Where delays wait; nothing is ever sent there. */
const channel = 'delay';

export default defineNode({
  id: 'core/delay',
  version: 1,
  title: 'Delay',
  summary: 'Goes on after a while, or at a given time.',
  docs: `The run is put aside and costs nothing meanwhile, however long it takes; it goes on after a restart too, with what it
came with.`,
  icon: 'clock-pause',
  config: Config,
  input: AnyJson,
  outputs: { out: SameAsInput(AnyJson) },
  effect: 'read',
  examples: [
    {
      title: 'A quarter of an hour',
      config: { for: 'PT15M' },
      input: { id: 'D-1001' },
      expect: { waits: 'run-1/step/0/0' },
    },
    {
      title: 'A time that has passed',
      config: { until: '{% ship_at %}' },
      input: { ship_at: '2026-03-02T10:00:00+02:00' },
      expect: {
        port: 'out',
        data: { ship_at: '2026-03-02T10:00:00+02:00' },
      },
    },
  ],
  run(input, config, { now, idempotencyKey }) {
    const expiresAfterMs = delayMs(config, now);
    const key = idempotencyKey();
    if (expiresAfterMs <= 0) return emit('out', input);
    return wait({ channel, key, expiresAfterMs, passesOnAfter: 'out' });
  },
  resume: () => reject('A delay ends by the time alone.'),
});

function delayMs({ for: duration, until }: Static<typeof Config>, now: Date): number {
  // The schema demands exactly one of the two.
  const ms = duration === undefined ? Date.parse(until as string) - now.getTime() : durationMs(duration);
  if (Number.isNaN(ms))
    throw new MillraceError('DELAY_TIME', 'This date and time does not exist.', { pointer: '/config/until' });
  if (ms <= maxDelayMs) return ms;
  throw new MillraceError('DELAY_TOO_LONG', 'A delay may take ten years at most.', { pointer: '/config' });
}
