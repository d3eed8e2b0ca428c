import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { ErrorState } from './error-state.tsx';
import { Shell } from './shell.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** Lets in whoever has a session, and asks everyone else for an API key. */
export function Session() {
  const session = useQuery(sessionQuery);
  if (session.data) return <Shell session={session.data} />;
  if (session.error instanceof ApiError && session.error.status === 401) return <SignInPage />;
  if (session.error) return <ErrorState error={session.error} retry={() => void session.refetch()} wholePage />;
  return null;
}
