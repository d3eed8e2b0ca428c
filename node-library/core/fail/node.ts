import {
  AnyJson,
  defineNode,
  type ErrorCategory,
  type ErrorData,
  Expression,
  fail,
  isObject,
  type Json,
  type Problem,
} from '@millrace/contract';
import Type from 'typebox';

const categories: ErrorCategory[] = [
  'validation',
  'not-found',
  'auth',
  'transient',
  'rate-limit',
  'server',
  'cancelled',
  'internal',
];

export default defineNode({
  id: 'core/fail',
  version: 1,
  title: 'Fail',
  summary: 'Ends the run as failed, with an error of your own or the one that led here.',
  docs: `Either a **code** and a **message** of your own, or an **error** to pass on: behind an error port
\`{% $error %}\` ends the run with the very error that was taken there.

With an error of your own, problems that the input lists under \`errors\` (as \`core/validate\` gives them) are passed on, so
that whoever sent the data sees every one with its place.`,
  icon: 'alert-octagon',
  config: Type.Object(
    {
      code: Type.Optional(
        Type.String({
          title: 'Code',
          description: 'What programs recognise the error by: capitals, digits and underscores.',
          pattern: '^[A-Z][A-Z0-9_]{0,63}$',
          examples: ['ORDER_REFUSED'],
        }),
      ),
      message: Type.Optional(
        Expression(
          Type.String({
            title: 'Message',
            description: 'One sentence for people.',
            minLength: 1,
            examples: ['{% "Order " & input.id & " does not fit." %}'],
          }),
        ),
      ),
      details: Type.Optional(
        Expression(
          Type.Unknown({ title: 'Details', description: 'Data to keep with the error.', examples: ['{% customer %}'] }),
        ),
      ),
      category: Type.Optional(
        Type.Enum(categories, {
          title: 'Category',
          description: 'Kind of trouble; decides which alerts look at it. Left out: validation.',
          examples: ['validation'],
        }),
      ),
      error: Type.Optional(
        Expression(
          Type.Object(
            {
              code: Type.String(),
              message: Type.String(),
              category: Type.Optional(Type.Enum(categories)),
              details: Type.Optional(AnyJson),
            },
            {
              title: 'Error to pass on',
              description: 'An error as it came; behind an error port that is $error.',
              examples: ['{% $error %}'],
            },
          ),
        ),
      ),
    },
    {
      additionalProperties: false,
      oneOf: [
        { title: 'An error of your own', required: ['code', 'message'], properties: { error: false } },
        {
          title: 'The error that led here',
          required: ['error'],
          properties: { code: false, message: false, details: false, category: false },
        },
      ],
    },
  ),
  input: AnyJson,
  outputs: {},
  effect: 'pure',
  examples: [
    {
      title: 'A refused order, with the problems that the check found',
      config: { code: 'ORDER_REFUSED', message: '{% "Order " & input.id & " does not fit." %}' },
      input: {
        input: { id: 'D-1001' },
        errors: [{ code: 'REQUIRED', pointer: '/lines', message: '“lines” is missing.' }],
      },
      expect: { error: 'ORDER_REFUSED' },
    },
    {
      title: 'An error passed on as it came',
      config: { error: '{% answer.error %}' },
      input: { answer: { error: { code: 'INVALID_CUSTOMER', message: 'The ERP does not know the customer.' } } },
      expect: { error: 'INVALID_CUSTOMER' },
    },
  ],
  run(input, { error, ...own }) {
    // The schema demands either an error or a code and a message.
    return fail(error ? passedOn(error as Failing) : ownError(own as Failing, input));
  },
});

/** An error whose category may be left to the default. */
type Failing = Omit<ErrorData, 'category'> & Partial<Pick<ErrorData, 'category'>>;

function passedOn(error: Failing): ErrorData {
  return { category: 'validation', ...error };
}

function ownError(own: Failing, input: Json): ErrorData {
  const problems = problemsOf(input);
  return { category: 'validation', ...own, ...(problems.length > 0 && { problems }) };
}

function problemsOf(input: Json): Problem[] {
  const listed: readonly unknown[] = isObject(input) && Array.isArray(input.errors) ? input.errors : [];
  return listed.filter(isProblem);
}

function isProblem(value: unknown): value is Problem {
  return isObject(value) && ['code', 'pointer', 'message'].every((field) => typeof value[field] === 'string');
}
