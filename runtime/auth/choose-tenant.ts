import { MillraceError } from '@millrace/contract';
import type { Tenant } from '../postgres/tenants/tenants.ts';

/** A tenant that somebody belongs to. */
export interface OwnTenant extends Tenant {
  /** A password opens it. */
  readonly passwords: boolean;
}

/**
 * The tenant that a session is to be for: the one that is asked for, or the only one that a password opens; none for who
 * belongs to none, or owns the instance and can look into none by a password.
 * @param slug of the one that is asked for
 * @throws {MillraceError} `TENANT_NEEDED`, `PASSWORD_NOT_USED`
 */
export function chooseTenant(
  tenants: readonly OwnTenant[],
  slug: string | undefined,
  { instanceOwner }: { readonly instanceOwner: boolean },
): OwnTenant | undefined {
  const open = tenants.filter(({ passwords }) => passwords);
  if (slug !== undefined) {
    const asked = tenants.find((tenant) => tenant.slug === slug);
    if (asked && !asked.passwords) throw passwordNotUsed();
    return asked ?? refuse(open);
  }
  if (open.length > 1) return refuse(open);
  if (open.length === 0 && tenants.length > 0 && !instanceOwner) throw passwordNotUsed();
  return open[0];
}

/** @throws {MillraceError} `TENANT_NEEDED` */
function refuse(tenants: readonly Tenant[]): never {
  const slugs = tenants.map(({ slug }) => slug);
  throw new MillraceError('TENANT_NEEDED', `Say which tenant: ${slugs.join(', ') || 'you belong to none'}.`, {
    pointer: '/tenant',
    details: { tenants: slugs },
  });
}

function passwordNotUsed(): MillraceError {
  return new MillraceError('PASSWORD_NOT_USED', 'Members of this tenant sign in by single sign-on.', {
    category: 'auth',
  });
}
