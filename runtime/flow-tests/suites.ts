import { MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import type { Config } from '../config/settings.ts';
import { FairQueue } from '../evaluator/fair-queue.ts';
import { runInChild } from './child-suite.ts';
import { reportOf, type SuiteReport } from './report.ts';

/** What is to be tested. */
export interface Suite {
  readonly bundle: FlowBundle;
  /** Only tests whose file name contains the text. */
  readonly only?: string | undefined;
  /** The report tells what each run did. */
  readonly withRuns?: boolean | undefined;
}

/**
 * Runs the tests of flows, each suite in a process of its own: of a tenant one after another, of several tenants in turn, and
 * of all no more than so many at once.
 */
export interface Suites {
  /** @throws {MillraceError} `TESTS_WAITING` where too many of the tenant wait already, and what `runInChild` throws */
  run(tenant: string, suite: Suite): Promise<SuiteReport>;
  /** What runs is ended, what waits does not begin any more. */
  close(): Promise<void>;
}

/** With a database server on which databases may be made. */
export type SuitesConfig = Config & { readonly databaseUrl: string };

/** Of one tenant. */
const mostWaiting = 10;

interface Waiting {
  readonly suite: Suite;
  begin(report: Promise<SuiteReport>): void;
}

/** @param runSuite runs one apart from everything else */
export function openSuites(config: SuitesConfig, runSuite = runInChild): Suites {
  const queue = new FairQueue<Waiting>();
  const waiting = new Map<string, number>();
  const running = new Map<string, Promise<unknown>>();
  const stop = new AbortController();

  function dispatch(): void {
    while (running.size < config.testSuites) {
      const tenant = queue.tenants().find((one) => !running.has(one));
      const next = tenant === undefined ? undefined : queue.take(tenant);
      if (tenant === undefined || !next) return;
      waiting.set(tenant, (waiting.get(tenant) ?? 1) - 1);
      const report = runSuite({ ...next.suite, config }, { timeoutMs: config.testTimeoutMs, stop: stop.signal });
      const ended = report.catch(() => undefined).finally(() => running.delete(tenant));
      running.set(tenant, ended);
      void ended.then(dispatch);
      next.begin(report);
    }
  }

  return {
    async run(tenant, suite) {
      if (testsOf(suite).length === 0) return reportOf(suite.bundle, []);
      const before = waiting.get(tenant) ?? 0;
      if (before >= mostWaiting) throw tooMany();
      waiting.set(tenant, before + 1);
      const { promise, resolve } = Promise.withResolvers<SuiteReport>();
      queue.add(tenant, { suite, begin: resolve });
      dispatch();
      return promise;
    },
    async close() {
      for (const { begin } of queue.takeAll()) begin(Promise.reject(closed()));
      stop.abort();
      await Promise.all(running.values());
    },
  };
}

function testsOf({ bundle, only = '' }: Suite): string[] {
  return Object.keys(bundle.tests).filter((file) => file.includes(only));
}

function tooMany(): MillraceError {
  return new MillraceError('TESTS_WAITING', `${mostWaiting} suites wait to be run already; try again later.`, {
    category: 'rate-limit',
    retryAfter: 30,
  });
}

function closed(): MillraceError {
  return new MillraceError('TESTS_BROKE_OFF', 'This process is ending; the tests were not run.', {
    category: 'transient',
  });
}
