import { MillraceError } from '@millrace/contract';

export function invalid(message: string): MillraceError {
  return new MillraceError('SCHEDULE_INVALID', message);
}
