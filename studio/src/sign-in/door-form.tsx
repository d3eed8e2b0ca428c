import { Alert, Button } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import classes from './door.module.css';

interface DoorFormProps {
  readonly sending: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error'>;
  readonly submit: string;
  /** What the answer asks for beside what was given is no refusal. */
  readonly refusal?: string | undefined;
  readonly children: ReactNode;
}

/** Fields one below the other, and what was refused. */
export function DoorForm({ sending, submit, refusal = sending.error?.message, children }: DoorFormProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    sending.mutate();
  };
  return (
    <form className={classes.fields} onSubmit={send}>
      {children}
      {refusal !== undefined && refusal !== '' && (
        <Alert color="red" variant="light" role="alert">
          {refusal}
        </Alert>
      )}
      <Button type="submit" fullWidth h={38} loading={sending.isPending}>
        {submit}
      </Button>
    </form>
  );
}
