/** A name that an expression can use, for completion. */
export interface Name {
  readonly label: string;
  readonly detail?: string;
}

const always: readonly Name[] = [
  { label: '$trigger', detail: 'payload and metadata of the trigger' },
  { label: '$params', detail: 'parameters of the flow' },
  { label: '$run', detail: 'id and start of the run' },
  { label: '$tenant', detail: 'slug and time zone' },
  { label: '$error', detail: 'behind an error port' },
  { label: '$date', detail: 'date from a text' },
  { label: '$dateAdd', detail: 'date plus a duration' },
  { label: '$dateCompact', detail: '20251227T100000Z' },
  { label: '$money', detail: 'exact decimal' },
  { label: '$moneyAdd', detail: 'exact sum of two' },
  { label: '$moneySubtract', detail: 'exact difference' },
  { label: '$moneyMultiply', detail: 'exact product' },
  { label: '$moneyDivide', detail: 'quotient, rounded' },
  { label: '$moneyRound', detail: 'rounded to places' },
  { label: '$moneySum', detail: 'exact sum of a list' },
  { label: '$list', detail: 'always a list, even of one' },
  { label: '$required', detail: 'fails where nothing is' },
  ...[
    'sum',
    'count',
    'max',
    'min',
    'average',
    'string',
    'number',
    'boolean',
    'length',
    'substring',
    'substringBefore',
    'substringAfter',
    'uppercase',
    'lowercase',
    'trim',
    'pad',
    'contains',
    'split',
    'join',
    'match',
    'replace',
    'abs',
    'floor',
    'ceil',
    'round',
    'formatNumber',
    'exists',
    'not',
    'append',
    'sort',
    'reverse',
    'distinct',
    'map',
    'filter',
    'reduce',
    'keys',
    'lookup',
    'merge',
    'each',
    'now',
    'fromMillis',
    'toMillis',
  ].map((name) => ({ label: `$${name}`, detail: 'function' })),
];

/**
 * Names for completion in a node's expressions.
 * @param steps ids of the nodes before it
 * @param parameters names of the flow's parameters
 */
export function namesFor(steps: readonly string[], parameters: readonly string[]): Name[] {
  return [
    ...steps.map((id) => ({ label: `$steps.${id}`, detail: 'output of a step' })),
    ...parameters.map((name) => ({ label: `$params.${name}`, detail: 'parameter' })),
    ...always,
  ];
}
