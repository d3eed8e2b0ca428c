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
