import { MillraceError, type Network, type ProbeResult } from '@millrace/contract';
import { baseOf } from './base.ts';
import type { HttpConnection } from './config.ts';
import { logIn } from './login.ts';

/** Asks for the base address itself. That it holds nothing says nothing against it: many systems have nothing there. */
export async function probeHttp(
  connection: HttpConnection,
  signal: AbortSignal,
  network: Network,
): Promise<ProbeResult> {
  try {
    const base = baseOf(connection.baseUrl);
    const { origin } = base;
    const status = await ask(connection, base, signal, network);
    return meaningOf(status, origin, connection.auth !== 'none');
  } catch (thrown) {
    const why = thrown instanceof MillraceError ? thrown.message : 'The system did not answer.';
    return { ok: false, message: why };
  }
}

async function ask(connection: HttpConnection, url: URL, signal: AbortSignal, { fetch }: Network): Promise<number> {
  const headers = new Headers();
  logIn(connection, url, headers);
  const response = await fetch(url.href, { headers, signal, redirect: 'manual' });
  await response.body?.cancel();
  return response.status;
}

function meaningOf(status: number, origin: string, hasLogin: boolean): ProbeResult {
  if (status === 401 || status === 403)
    return {
      ok: false,
      message: `${origin} answered ${status}: ${hasLogin ? 'it refuses the login' : 'it wants a login'}.`,
    };
  if (status >= 500) return { ok: false, message: `${origin} answered ${status}: it is in trouble.` };
  if (status === 404)
    return { ok: true, message: `${origin} was reached; there is nothing at the base address itself.` };
  return { ok: true, message: `${origin} was reached and answered ${status}.` };
}
