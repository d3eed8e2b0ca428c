import { Alert } from '@mantine/core';
import { ApiError } from '../api/client.ts';
import classes from './panel.module.css';

/** Why something was refused, with every problem at its place. */
export function Refusal({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Alert color="red" variant="light" role="alert" mt={12}>
      {error.message}
      {problems.length > 0 && (
        <ul className={classes.problems}>
          {problems.map(({ pointer, message, hint }) => (
            <li key={pointer + message}>
              {pointer !== '' && <span className="mono">{pointer}</span>} {message} {hint}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
