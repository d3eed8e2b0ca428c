import type { IncomingMessage } from 'node:http';
import type { Api } from './route.ts';

/** Address under which browsers reach the instance; where none is configured, the one that this browser used. */
export function originOf({ headers }: IncomingMessage, { publicUrl }: Api): string {
  return publicUrl ?? `http://${headers.host}`;
}

/**
 * What a browser keeps while it is away at another system, to show when it is sent back. That is a visit from elsewhere: so
 * not `SameSite=Strict`.
 */
export interface BrowserCookie {
  /** The `Set-Cookie` header. */
  set(value: string, origin: string): string;
  /** What the browser shows; nothing where it does not. */
  shown(request: IncomingMessage): string | undefined;
}

/** @param path below which it is shown @param seconds for which somebody may be on the way */
export function browserCookie(name: string, path: string, seconds: number): BrowserCookie {
  const pattern = new RegExp(`(?:^|;\\s*)${name}=([\\w-]+)`);
  return {
    set(value, origin) {
      const secure = origin.startsWith('https:') ? '; Secure' : '';
      return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
    },
    shown: ({ headers }) => pattern.exec(headers.cookie ?? '')?.[1],
  };
}
