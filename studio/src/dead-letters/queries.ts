import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { DeadLetter, Environment } from '../api/types.ts';
import type { RowPage } from '../endless/rows.ts';
import type { DeadLetterFilter } from './filter.ts';

export type DeadLetterRow = DeadLetter & { readonly id: string };

const atOnce = 100;

export async function deadLetterPage(
  { state = 'open', ...filter }: DeadLetterFilter,
  environment: Environment,
  before?: string,
): Promise<RowPage<DeadLetterRow>> {
  const query = { ...filter, state, environment, before, limit: atOnce };
  const { deadLetters, next } = await call('get /dead-letters', { query });
  return { rows: deadLetters.map((letter) => ({ ...letter, id: letter.runId })), next };
}

/** Open ones in this environment that are alike. */
export const deadLetterGroupsQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['dead-letters', 'groups', environment],
    queryFn: async () =>
      (await call('get /dead-letters/groups')).groups.filter((group) => group.environment === environment),
  });

/**
 * Ids of all open ones that fit, page by page. Each comes once: what fails again while they are gone through keeps its place,
 * which was passed already.
 */
export async function* allThatFit(
  filter: DeadLetterFilter,
  environment: Environment,
): AsyncGenerator<readonly string[]> {
  let before: string | undefined;
  do {
    const { rows, next } = await deadLetterPage({ ...filter, state: 'open' }, environment, before);
    if (rows.length > 0) yield rows.map(({ id }) => id);
    before = next ?? undefined;
  } while (before !== undefined);
}
