import type { Config } from './config/settings.ts';

/** Address under which browsers reach the instance. */
export function publicUrlOf({
  publicUrl,
  tls,
  host,
  port,
}: Pick<Config, 'publicUrl' | 'tls' | 'host' | 'port'>): string {
  return publicUrl ?? `${tls ? 'https' : 'http'}://${host}:${port}`;
}
