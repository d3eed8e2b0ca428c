import { Alert, Button, Group, Modal, Skeleton, Text, TextInput } from '@mantine/core';
import { type Json, readJson, writeJson } from '@millrace/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import type { FlowDetail } from '../api/types.ts';
import { notifyDone } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { CodeEditor } from '../code/code-editor.tsx';
import { refreshFlow } from '../versions/queries.ts';
import { testOfRunQuery } from './queries.ts';
import classes from './tests-page.module.css';
import { fileName } from './untaken.ts';

interface TestDialogProps {
  readonly server: FlowDetail;
  /** Of the test that is edited; nothing for a new one. */
  readonly file: string | undefined;
  /** Id of the run that a test is to be made of. */
  readonly run: string | undefined;
  readonly close: () => void;
}

const empty = { name: '', trigger: { payload: {} }, expect: { outcome: 'succeeded' } };

/** A test of a flow as JSON: one that is there, a new one, or what the server made of a run. */
export function TestDialog({ server, file, run, close }: TestDialogProps) {
  const { t } = useTranslation();
  const made = useQuery({ ...testOfRunQuery(run ?? ''), enabled: run !== undefined });
  const title = t(run === undefined ? 'tests.dialogTitle' : 'tests.fromRunTitle');
  const begun = run === undefined ? (file === undefined ? empty : server.bundle.tests[file]) : made.data;
  return (
    <Modal opened onClose={close} size={720} title={title}>
      {run !== undefined && (
        <Text size="sm" c="var(--ink-2)">
          {t('tests.fromRunLead')}
        </Text>
      )}
      {made.error && (
        <Alert color="red" variant="light" mt={16} role="alert">
          {made.error.message}
        </Alert>
      )}
      {begun === undefined && !made.error && <Skeleton height={240} mt={16} />}
      {begun !== undefined && <TestForm server={server} file={file} begun={begun as Json} close={close} />}
    </Modal>
  );
}

interface TestFormProps extends Omit<TestDialogProps, 'run'> {
  readonly begun: Json;
}

function TestForm({ server, file: given, begun, close }: TestFormProps) {
  const { t } = useTranslation();
  const mayEdit = useMay()('flows.edit');
  const { id, revision, bundle } = server;
  const [isAsked, setAsked] = useState(false);
  const [file, setFile] = useState(() => given ?? fileName(nameOf(begun), Object.keys(bundle.tests)));
  const [text, setText] = useState(() => writeJson(begun, 2));
  const read = readTest(text);
  const save = (tests: Readonly<Record<string, unknown>>) =>
    call('put /flows/{id}', { params: { id }, body: { revision, bundle: { ...bundle, tests } } });
  const saving = useMutation({
    mutationFn: () => save({ ...bundle.tests, [file]: read.test }),
    onSuccess: () => finish(t('tests.saved', { file })),
  });
  const removing = useMutation({
    mutationFn: () => save(Object.fromEntries(Object.entries(bundle.tests).filter(([name]) => name !== given))),
    onSuccess: () => finish(t('tests.removed', { file })),
  });
  const finish = async (message: string) => {
    notifyDone(message);
    close();
    await refreshFlow(id);
  };
  const error = saving.error ?? removing.error;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <TextInput
        mt={16}
        label={t('tests.file')}
        description={t('tests.fileHint')}
        pattern="[a-z0-9][a-z0-9\-]*"
        required
        disabled={given !== undefined}
        value={file}
        onChange={(event) => setFile(event.currentTarget.value)}
      />
      <div className={classes.document}>
        <CodeEditor
          language="json"
          lines
          label={t('tests.document')}
          value={text}
          onChange={setText}
          error={read.wrong === undefined ? undefined : { message: read.wrong }}
          minHeight={260}
        />
      </div>
      {(error || read.wrong !== undefined) && (
        <Alert color="red" variant="light" mt={12} role="alert" {...(error && { title: t('tests.notSaved') })}>
          {error?.message ?? read.wrong}
        </Alert>
      )}
      <Group justify="flex-end" mt={20} gap={8}>
        {given !== undefined && mayEdit && (
          <Button
            mr="auto"
            onClick={() => (isAsked ? removing.mutate() : setAsked(true))}
            loading={removing.isPending}
            {...(isAsked ? { color: 'red' } : { variant: 'default' })}
          >
            {isAsked ? t('tests.reallyRemove', { file }) : t('tests.remove')}
          </Button>
        )}
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        {mayEdit && (
          <Button type="submit" loading={saving.isPending} disabled={read.wrong !== undefined}>
            {t('tests.save')}
          </Button>
        )}
      </Group>
    </form>
  );
}

function nameOf(test: Json): string {
  const { name } = test as { name?: Json };
  return typeof name === 'string' ? name : '';
}

function readTest(text: string): { readonly test?: Json; readonly wrong?: string } {
  try {
    return { test: readJson(text) };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
