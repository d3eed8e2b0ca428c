import { MillraceError } from '@millrace/contract';
import { CommanderError } from 'commander';
import { isLostConnection } from '../postgres/database-error.ts';

/** How a command that failed ends: what it prints on standard error, and its exit code. */
export interface Failure {
  /** Nothing where it has been printed already. */
  readonly text?: string;
  /** 1: the command failed; 2: it was called wrongly. */
  readonly code: number;
}

const lost = 'The connection to the database was lost; look whether it has happened before you repeat it.';

/** Any thrown thing as `CODE: sentence (pointer)`, never with a stack trace. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CommanderError) return { code: thrown.exitCode === 0 ? 0 : 2 };
  if (thrown instanceof MillraceError) {
    const { pointer } = thrown.options;
    return { code: 1, text: `${thrown.code}: ${thrown.message}${pointer ? ` (${pointer})` : ''}` };
  }
  if (isLostConnection(thrown)) return { code: 1, text: `DATABASE_UNAVAILABLE: ${lost} (${messageOf(thrown)})` };
  return { code: 1, text: `INTERNAL: ${messageOf(thrown)}` };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
