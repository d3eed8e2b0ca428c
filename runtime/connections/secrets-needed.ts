import { MillraceError } from '@millrace/contract';

/** The secrets of a connection were given up with the master key that they were sealed under. */
export function secretsNeeded({ name }: { readonly name: string }): MillraceError {
  return new MillraceError(
    'CONNECTION_SECRET_NEEDED',
    `The secrets of the connection “${name}” were given up with a master key that was lost; enter them again.`,
    { category: 'auth' },
  );
}
