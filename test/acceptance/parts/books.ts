import { type Api, call } from './api.ts';
import { insist } from './insist.ts';
import type { Accepted } from './orders.ts';
import type { Arrival } from './receiver.ts';
import type { Outcome } from './verdict.ts';

interface RunSummary {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string } | null;
}

interface RunDetail extends RunSummary {
  readonly steps: readonly { readonly key: string; readonly status: string }[];
  readonly waits: readonly { readonly state: string }[];
}

/** Waits until no run is under way any more. */
export async function untilAtRest(api: Api): Promise<void> {
  await insist('every run has ended', async () => {
    const open = await Promise.all(['running', 'waiting'].map((status) => pageOfRuns(api, `status=${status}&limit=1`)));
    return open.every(({ runs }) => runs.length === 0) ? true : undefined;
  });
}

export interface Books {
  /** Id of the flow. */
  readonly flow: string;
  readonly accepted: readonly Accepted[];
  readonly arrivals: readonly Arrival[];
}

/** Holds what was accepted against what the instance says of the flow's runs and what has arrived. */
export async function compareBooks(api: Api, { flow, accepted, arrivals }: Books): Promise<Outcome[]> {
  const runs = await allRuns(api, flow);
  const byId = new Map(runs.map((run) => [run.id, run]));
  const details = await Promise.all(accepted.map(({ run }) => call<RunDetail>(api, 'GET', `/runs/${run}`)));
  const lost = accepted.filter(({ run }) => !byId.has(run));
  const ended = Map.groupBy(runs, ({ status, error }) => (error ? `${status} ${error.code}` : status));
  const unclean = details.filter(({ steps, waits }) => [...steps, ...waits].some(isOpen) || hasTwice(steps));
  const keys = new Map(arrivals.map(({ key, order }) => [key, order]));
  const contents = new Set(arrivals.map(({ key, hash }) => `${key} ${hash}`));
  const orders = new Map(accepted.map(({ id }) => [id, [...keys].filter(([, order]) => order === id).length]));
  const wrong = [...orders].filter(([, effects]) => effects !== 1);
  return [
    {
      what: 'each accepted order has one run, and there are no others',
      seen: `${accepted.length} accepted, ${runs.length} runs, ${lost.length} lost`,
      holds: lost.length === 0 && runs.length === new Set(accepted.map(({ run }) => run)).size,
    },
    {
      what: 'each run has ended well, once',
      seen: [...ended].map(([status, those]) => `${those.length} ${status}`).join(', '),
      holds: runs.every(({ status }) => status === 'succeeded'),
    },
    {
      what: 'no step or wait is left open, none came twice',
      seen: `${unclean.length} runs are not tidy`,
      holds: unclean.length === 0,
    },
    {
      what: 'one distinct effect for each order, under one key',
      seen: `${keys.size} keys, ${contents.size} contents, ${arrivals.length} arrivals (${arrivals.length - keys.size} repeated)`,
      holds: wrong.length === 0 && keys.size === accepted.length && contents.size === keys.size,
    },
  ];
}

const isOpen = ({ status, state }: { status?: string; state?: string }): boolean =>
  state === 'open' || (status !== undefined && status !== 'done');

const hasTwice = (steps: RunDetail['steps']): boolean => new Set(steps.map(({ key }) => key)).size < steps.length;

/** The flow's runs. */
export async function allRuns(api: Api, flow: string): Promise<RunSummary[]> {
  const all: RunSummary[] = [];
  for (let before: string | null | undefined; before !== null; ) {
    const page: Page = await pageOfRuns(
      api,
      `flow=${flow}&limit=200${before === undefined ? '' : `&before=${before}`}`,
    );
    all.push(...page.runs);
    before = page.next;
  }
  return all;
}

interface Page {
  readonly runs: readonly RunSummary[];
  readonly next: string | null;
}

function pageOfRuns(api: Api, query: string): Promise<Page> {
  return call<Page>(api, 'GET', `/runs?${query}`);
}
