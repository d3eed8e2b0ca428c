import { ApiError } from '../api/client.ts';

/** What a sign-in asks for besides what was given. */
export interface Missing {
  /** A code of the second factor. */
  readonly code: boolean;
  /** Short names of the tenants to choose from. */
  readonly tenants: readonly string[] | undefined;
}

export function whatIsMissing(error: Error | null): Missing {
  const refusal = error instanceof ApiError ? error : undefined;
  const { tenants } = (refusal?.details ?? {}) as { tenants?: readonly string[] };
  const choice = refusal?.code === 'TENANT_NEEDED' && tenants && tenants.length > 0 ? tenants : undefined;
  return { code: refusal?.code === 'CODE_NEEDED', tenants: choice };
}
