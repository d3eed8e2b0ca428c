/** What a failure of the way there means, and what to do about it; by the code of the platform's error. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'cannot be found; check how the host is written',
  EAI_AGAIN: 'cannot be looked up just now; check the name service of this machine',
  ECONNREFUSED: 'refuses the connection; check the port, and that the system is running',
  ECONNRESET: 'broke off the connection; check that it speaks HTTP at this port, and http or https as the address says',
  EHOSTUNREACH: 'cannot be reached from here; check the network and its firewalls',
  ENETUNREACH: 'cannot be reached from here; check the network and its firewalls',
  UND_ERR_CONNECT_TIMEOUT: 'did not answer in time; check the network and its firewalls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak https at this port; check address and port',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another name; check the host, or have the certificate mended',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired; have it renewed there',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted(),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(),
};

function untrusted(): string {
  return 'shows a certificate that nobody here trusts; have one made by a public authority, with its whole chain';
}

/** A sentence on why a system did not answer. The platform's own words may hold what was sent, and are not repeated. */
export function unreachableBecause(thrown: unknown, { host }: URL): string {
  const { name, cause } = (thrown ?? {}) as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `${host} did not answer in time; check the network and its firewalls.`;
  const reason = reasons[cause?.code ?? ''] ?? 'did not answer as HTTP does; check address and port';
  return `${host} ${reason}.`;
}
