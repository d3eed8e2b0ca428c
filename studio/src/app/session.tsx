import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { ApiError } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import type { Session as OpenSession } from '../api/types.ts';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { ErrorState } from './error-state.tsx';
import { Shell } from './shell.tsx';

/** Where links lead that let somebody in: before there is a session. */
const doors: readonly string[] = ['/welcome', '/reset-password'];

export function Session() {
  const atDoor = useRouterState({ select: ({ location }) => doors.includes(location.pathname) });
  return atDoor ? <Outlet /> : <Inside />;
}

const account = '/account';

/** The tenant asks for a second factor, and nothing else can be done before. */
function needsSecondFactor({ user, roles }: OpenSession): boolean {
  return user !== null && !user.secondFactor && roles.length === 0;
}

/** Lets in whoever has a session, and asks everyone else to sign in. */
function Inside() {
  const session = useQuery(sessionQuery);
  const atAccount = useRouterState({ select: ({ location }) => location.pathname === account });
  if (session.data && needsSecondFactor(session.data) && !atAccount) return <Navigate to={account} />;
  if (session.data) return <Shell session={session.data} />;
  if (session.error instanceof ApiError && session.error.status === 401) return <SignInPage />;
  if (session.error) return <ErrorState error={session.error} retry={() => void session.refetch()} wholePage />;
  return null;
}
