import { readJson } from '@millrace/contract';
import type { Evaluation } from '../api/types.ts';
import { t } from '../app/i18n.ts';

/** Longest that an evaluation may take before its thread is ended. */
const patienceMs = 5_000;

export interface EvaluationThread {
  /** Asks; of questions that come meanwhile only the last is asked afterwards. */
  readonly ask: (question: string, hear: (answer: Evaluation) => void) => void;
  readonly end: () => void;
}

/** A thread of its own that evaluates one mapping after the other. */
export function evaluationThread(): EvaluationThread {
  let worker: Worker | undefined;
  let waiting: (() => void) | undefined;
  let busy = false;
  const end = () => {
    worker?.terminate();
    worker = undefined;
  };
  const ask: EvaluationThread['ask'] = (question, hear) => {
    if (busy) {
      waiting = () => ask(question, hear);
      return;
    }
    busy = true;
    worker ??= new Worker(new URL('./evaluation.worker.ts', import.meta.url), { type: 'module' });
    const thread = worker;
    const heard = new AbortController();
    const settle = (answer: Evaluation) => {
      clearTimeout(deadline);
      heard.abort();
      busy = false;
      const next = waiting;
      waiting = undefined;
      if (next) next();
      else hear(answer);
    };
    const fail = (message: string) => {
      end();
      settle({ error: { code: 'EXPRESSION_TIMEOUT', message } });
    };
    const deadline = setTimeout(() => fail(t('mapper.tooLong')), patienceMs);
    const { signal } = heard;
    thread.addEventListener('message', ({ data }) => settle(readJson(data) as Evaluation), { signal });
    thread.addEventListener('error', () => fail(t('mapper.threadFailed')), { signal });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.postMessage(question);
  };
  return { ask, end };
}
