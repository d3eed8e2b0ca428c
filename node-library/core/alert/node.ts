import { AnyJson, defineNode, Expression, emit, MillraceError, SameAsInput } from '@millrace/contract';
import Type from 'typebox';

/** Longest text that tells one thing from another, in characters. */
const longestAbout = 200;
const longestMessage = 1_000;

export default defineNode({
  id: 'core/alert',
  version: 1,
  title: 'Alert',
  summary: 'Raises an alert that people are told of, or closes it when the trouble is over.',
  docs: `Alerts are listed in the studio and go to the channels of the tenant, e-mail or webhook, according to their severity.

An alert of a flow is known by its code and by what it is **about**, such as a product or an order. While it is open, the same is
not raised again, however many runs come by; once it is closed, by this node or by nobody’s finding it worth keeping open, the
next is a new alert. What is not open is not closed either: both do no harm when nothing is to be done. The input goes on
unchanged.

The alert is raised in the same transaction that moves the run on. Codes under which Millrace itself raises alerts are refused
with \`ALERT_CODE_RESERVED\`.`,
  icon: 'bell-ringing',
  config: Type.Object(
    {
      code: Type.String({
        title: 'Code',
        description: 'What programs recognise the alert by: capitals, digits and underscores.',
        pattern: '^[A-Z][A-Z0-9_]{1,63}$',
        examples: ['STOCK_DRIFT'],
      }),
      about: Type.Optional(
        Expression(
          Type.String({
            title: 'About',
            description: 'Which of the things that it can be about; left empty where there is but one.',
            maxLength: longestAbout,
            default: '',
            examples: ['{% sku %}'],
          }),
        ),
      ),
      does: Type.Optional(
        Type.Enum(['raise', 'close'], {
          title: 'What it does',
          description: 'raise: there is trouble. close: it is over.',
          default: 'raise',
          examples: ['close'],
        }),
      ),
      severity: Type.Optional(
        Type.Enum(['warning', 'high'], {
          title: 'Severity',
          description: 'Channels say from which severity on they are told.',
          default: 'warning',
          examples: ['high'],
        }),
      ),
      message: Type.Optional(
        Expression(
          Type.String({
            title: 'Message',
            description: 'One sentence for people; needed where an alert is raised.',
            minLength: 1,
            maxLength: longestMessage,
            examples: ['{% "The stock of " & sku & " is off by " & drift & "." %}'],
          }),
        ),
      ),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: { out: SameAsInput(AnyJson) },
  effect: 'stored',
  examples: [
    {
      title: 'Somebody is told that a stock level is off',
      config: {
        code: 'STOCK_DRIFT',
        about: '{% sku %}',
        message: '{% "The stock of " & sku & " is off by " & $string(drift) & "." %}',
      },
      input: { sku: 'A-1', drift: 12 },
      expect: { port: 'out', data: { sku: 'A-1', drift: 12 } },
    },
    {
      title: 'The system answers again',
      config: { code: 'ERP_AWAY', does: 'close' },
      input: { status: 200 },
      expect: { port: 'out', data: { status: 200 } },
    },
    {
      title: 'Nobody is told nothing',
      config: { code: 'STOCK_DRIFT' },
      input: {},
      expect: { error: 'ALERT_WITHOUT_MESSAGE' },
    },
  ],
  async run(input, { code, about = '', does = 'raise', severity = 'warning', message }, { alerts }) {
    if (does === 'close') alerts.close({ code, about });
    else if (message === undefined)
      throw new MillraceError('ALERT_WITHOUT_MESSAGE', 'An alert needs a message that says what is wrong.');
    else alerts.raise({ code, about, severity, message });
    return emit('out', input);
  },
});
