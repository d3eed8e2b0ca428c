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
  let current: AbortController | undefined;
  let waiting: (() => void) | undefined;
  const stop = () => {
    current?.abort();
    current = undefined;
    worker?.terminate();
    worker = undefined;
  };
  const ask: EvaluationThread['ask'] = (question, hear) => {
    if (current) {
      waiting = () => ask(question, hear);
      return;
    }
    worker ??= new Worker(new URL('./evaluation.worker.ts', import.meta.url), { type: 'module' });
    current = new AbortController();
    const { signal } = current;
    const settle = (answer: Evaluation) => {
      current?.abort();
      current = undefined;
      const next = waiting;
      waiting = undefined;
      if (next) next();
      else hear(answer);
    };
    const fail = (code: string, message: string) => {
      stop();
      settle({ error: { code, message } });
    };
    const deadline = setTimeout(() => fail('EXPRESSION_TIMEOUT', t('mapper.tooLong')), patienceMs);
    signal.addEventListener('abort', () => clearTimeout(deadline));
    worker.addEventListener('message', ({ data }) => settle(readJson(data) as Evaluation), { signal });
    worker.addEventListener('error', () => fail('EVALUATION_FAILED', t('mapper.threadFailed')), { signal });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(question);
  };
  const end = () => {
    waiting = undefined;
    stop();
  };
  return { ask, end };
}
