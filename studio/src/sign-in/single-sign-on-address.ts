/** Where a browser goes to sign in by the OpenID provider of a tenant. */
export function singleSignOnAddress(tenant: string): string {
  return `/api/v1/session/sso/${encodeURIComponent(tenant)}`;
}
