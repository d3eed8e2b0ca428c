import { Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { Parameters, statement } from '../statement.ts';
import { keyTablePattern } from './key-table.ts';

export const ExecuteConfig = Type.Object(
  {
    sql: statement(
      'One statement that writes. Data goes in as parameters.',
      'insert into orders (id, total) values ($1, $2) on conflict (id) do nothing',
    ),
    parameters: Type.Optional(Parameters),
    batch: Type.Optional(
      Expression(
        Type.Array(Type.Array(Type.Unknown(), { maxItems: 100 }), {
          title: 'Batch',
          description:
            'Instead of parameters: a list of parameter lists. The statement runs once for each, all or none.',
          maxItems: 10_000,
          examples: ['{% $list(lines, function($line) { [$line.sku, $line.qty] }) %}'],
        }),
      ),
    ),
    keyTable: Type.Optional(
      Type.String({
        title: 'Key table',
        description:
          'Table in which each write leaves its key, so that a repeat is recognised: (key text primary key, result json not null).',
        pattern: keyTablePattern,
        examples: ['millrace_once'],
      }),
    ),
    whenUnknown: Type.Optional(
      Type.Enum(['retry', 'fail'], {
        title: 'When the outcome is unknown',
        description:
          'A write may have been committed although the answer was lost. retry: run it again. fail: stop with OUTCOME_UNKNOWN, for somebody to look. A key table makes both unnecessary.',
        default: 'fail',
        examples: ['retry'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type ExecuteConfig = Static<typeof ExecuteConfig>;
