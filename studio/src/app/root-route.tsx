import { createRootRoute } from '@tanstack/react-router';
import { CrashPage, NotFoundPage } from './error-pages.tsx';
import { Session } from './session.tsx';

export const rootRoute = createRootRoute({
  component: Session,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

/** What each feature's routes hang on. */
export const getParentRoute = () => rootRoute;
