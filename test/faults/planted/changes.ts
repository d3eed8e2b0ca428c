/** A text in one of the product's files, and what stands in its place, wherever it occurs, while it is planted. */
export interface Change {
  /** Path from the root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A known bug, and the faults of which at least one must fall while it is planted. */
export interface PlantedBug {
  /** Names of changes, with commas between. */
  readonly change: string;
  readonly title: string;
  readonly foundBy: readonly string[];
}

export const plantedBugs: readonly PlantedBug[] = [
  { change: 'no-fence', title: 'commits do not look at token and revision', foundBy: ['T3'] },
  { change: 'recorded-before-sending', title: 'an effect is recorded before it is sent', foundBy: ['T1'] },
  { change: 'no-commit-between-writes', title: 'no commit before a second write', foundBy: ['T0'] },
  { change: 'no-mailbox-lock', title: 'waits and signals do not lock their mailbox', foundBy: ['T9'] },
  { change: 'wake-ignored', title: 'a run parks past what has come for it', foundBy: ['T9'] },
  { change: 'timers-not-marked', title: 'timers fire without being marked', foundBy: ['T10', 'T11'] },
  { change: 'schedules-not-held,times-without-id', title: 'every process fires every schedule', foundBy: ['T12'] },
  { change: 'newest-version', title: 'a run goes on with the version that serves now', foundBy: ['T13'] },
  { change: 'repeated-hour', title: 'a time in the repeated hour comes twice', foundBy: ['T12'] },
  {
    change: 'records-not-checked,history-not-checked',
    title: 'a record is written whatever others have made of it since it was read',
    foundBy: ['T19'],
  },
  { change: 'lost-commit-is-failure', title: 'a commit whose answer is lost counts as failed', foundBy: ['T4'] },
];

export const changes: Readonly<Record<string, Change>> = {
  'no-fence': {
    file: 'runtime/postgres/commit/fence.ts',
    from: ' and run.token = new.token and run.revision = new.revision',
    to: '',
  },
  'recorded-before-sending': {
    file: 'runtime/engine/perform.ts',
    from: 'const result = await used(work, tools, connection, () => spec.run(scope.input, config, context));',
    to: `const sending = used(work, tools, connection, () => spec.run(scope.input, config, context));
  if (effect === 'unsafe-write') Promise.resolve(sending).catch(() => undefined);
  const result = effect === 'unsafe-write'
    ? ({ kind: 'emit', port: 'out', data: { status: 200, headers: {}, body: {} } } as const)
    : await sending;`,
  },
  'no-commit-between-writes': {
    file: 'runtime/engine/burst.ts',
    from: 'if (writesOutside(effect) && this.#progress.owed.hasResults) ',
    to: 'if (false as boolean) ',
  },
  'no-mailbox-lock': {
    file: 'runtime/postgres/signals/lock-mailboxes.ts',
    from: 'if (mailboxes.length === 0) return;',
    to: 'if (mailboxes.length >= 0) return;',
  },
  'wake-ignored': {
    file: 'runtime/postgres/commit/fence.ts',
    from: 'park and wake = "wakeSeen"',
    to: 'park',
  },
  'timers-not-marked': {
    file: 'runtime/postgres/timers/fire-timers.ts',
    from: 'set fired = true from due',
    to: 'set fired = false from due',
  },
  'schedules-not-held': {
    file: 'runtime/postgres/schedules/due-schedules.ts',
    from: ' for update of schedule skip locked',
    to: '',
  },
  'times-without-id': {
    file: 'runtime/triggers/schedules/fire-schedules.ts',
    from: 'eventId: scheduledFor,',
    to: "eventId: scheduledFor + ' ' + process.pid,",
  },
  'repeated-hour': {
    file: 'packages/schedule/src/next-time.ts',
    from: '(rule.everyHour ?',
    to: '((true as boolean) ?',
  },
  'newest-version': {
    file: 'runtime/postgres/runs/take-runs.ts',
    from: 'run.version, ',
    to: `coalesce((select version from millrace.deployment where deployment.tenant_id = run.tenant_id
      and deployment.environment = run.environment and deployment.flow_id = run.flow_id), run.version) as version, `,
  },
  'records-not-checked': {
    file: 'runtime/postgres/commit/write-records.ts',
    from: 'where record.version = (',
    to: 'where 0 <= (',
  },
  'history-not-checked': {
    file: 'runtime/postgres/commit/write-records.ts',
    from: 'why text, data jsonb)`',
    to: 'why text, data jsonb) on conflict do nothing`',
  },
  'lost-commit-is-failure': {
    file: 'runtime/engine/commits.ts',
    from: 'landed: () => landedBefore(burst),',
    to: 'landed: async () => undefined,',
  },
  /** Not a bug: a setting that the product does not have. */
  'five-connections': { file: 'runtime/postgres/database.ts', from: 'options.size ?? 10', to: 'options.size ?? 5' },
};
