import type { ErrorData } from '@millrace/contract';
import type { Death, Limits } from './child-process.ts';
import type { EvaluationResult } from './protocol.ts';

/** Tasks of one tenant that travel together: one message there, one answer back. */
export interface Batch {
  readonly tenant: string;
  /** The message, ended by a newline. */
  readonly line: string;
  readonly tasks: number;
  /** Processes that ended under it without a reason to be seen. */
  crashes: number;
  readonly done: (results: EvaluationResult[]) => void;
}

export function failBatch(batch: Batch, error: ErrorData): void {
  batch.done(Array.from({ length: batch.tasks }, () => ({ ok: false, error })));
}

/** What a batch is told whose process ended under it. */
export function deathError(death: Death, { timeoutMs, memoryMb, maxOutputBytes }: Limits): ErrorData {
  switch (death) {
    case 'timeout':
      // Another time the machine may be less busy, so it is worth a retry.
      return error('transient', 'EXPRESSION_TIMEOUT', `The evaluation took longer than ${timeoutMs} ms.`);
    case 'memory':
      return error('validation', 'EXPRESSION_MEMORY', `The evaluation needed more than ${memoryMb} MB of memory.`);
    case 'output':
      return error('validation', 'EXPRESSION_OUTPUT_TOO_LARGE', `The result is larger than ${maxOutputBytes} bytes.`);
    case 'crash':
      return error('internal', 'EXPRESSION_CRASHED', 'The evaluating process ended unexpectedly, twice.');
  }
}

function error(category: ErrorData['category'], code: string, message: string): ErrorData {
  return { category, code, message };
}

export const closedError = error('cancelled', 'EVALUATOR_CLOSED', 'The evaluator has been closed.');
export const startError = error('internal', 'EVALUATOR_UNAVAILABLE', 'No evaluating process can be started.');
export const depthError = error('validation', 'DATA_TOO_DEEP', 'The data is nested too deeply to be evaluated.');
