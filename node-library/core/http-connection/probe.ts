import { brokenOff, MillraceError, type Network, type ProbeResult } from '@millrace/contract';
import { baseOf } from './base.ts';
import type { HttpConnection } from './config.ts';
import { putLogin } from './login.ts';
import { unreachableBecause } from './unreachable.ts';

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
    return brokenOff(thrown);
  }
}

async function ask(connection: HttpConnection, url: URL, signal: AbortSignal, { fetch }: Network): Promise<number> {
  const headers = new Headers();
  putLogin(connection, url, headers);
  const response = await fetch(url.href, { headers, signal, redirect: 'manual' }).catch((thrown: unknown) => {
    throw thrown instanceof MillraceError ? thrown : unreachable(thrown, url);
  });
  await response.body?.cancel();
  return response.status;
}

function unreachable(thrown: unknown, url: URL): MillraceError {
  return new MillraceError('HTTP_UNREACHABLE', unreachableBecause(thrown, url), { category: 'transient' });
}

function meaningOf(status: number, origin: string, hasLogin: boolean): ProbeResult {
  if (status === 401 || status === 403)
    return {
      ok: false,
      category: 'auth',
      message: `${origin} answered ${status}: ${hasLogin ? 'it refuses the login; check it there, and enter it again' : 'it wants a login; choose how it is logged in to'}.`,
    };
  if (status >= 500)
    return { ok: false, message: `${origin} answered ${status}: it is in trouble; ask those who run it.` };
  if (status === 404)
    return { ok: true, message: `${origin} was reached; there is nothing at the base address itself.` };
  return { ok: true, message: `${origin} was reached and answered ${status}.` };
}
