import { Expression } from '@millrace/contract';
import Type from 'typebox';

/** The statement itself takes no expressions: data reaches it as parameters alone, so that it cannot become SQL. */
export function statement(description: string, example: string) {
  return Type.String({
    title: 'SQL',
    description,
    minLength: 1,
    maxLength: 100_000,
    format: 'sql',
    examples: [example],
  });
}

export const Parameters = Type.Array(
  Expression(Type.Unknown({ title: 'Value', description: 'Any data.', examples: ['{% id %}'] })),
  {
    title: 'Parameters',
    description:
      'Values of $1, $2 … in this order. A list of plain values becomes an array (`= any($1)`), other lists and objects JSON.',
    maxItems: 100,
    examples: [['{% customer.id %}']],
  },
);

/** A row as it is handed on: numbers exact, times as ISO 8601 text, other types as PostgreSQL writes them. */
export const Row = Type.Record(Type.String(), Type.Unknown());
