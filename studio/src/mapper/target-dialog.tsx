import { Alert, Button, Checkbox, Group, Modal, SegmentedControl } from '@mantine/core';
import { isObject, type Json, readJson, writeJson } from '@millrace/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import { changeNode } from '../editor/edits.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { schemaOfExample } from './schema-of-example.ts';

type Kind = 'example' | 'schema';

/** What the mapping has to make: a JSON Schema, or an example from which one is made. */
export function TargetDialog({ node: id, close }: { readonly node: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const { editor } = useEditing();
  const node = useBundle().flow.nodes[id];
  const present = node?.config.target as Json | undefined;
  const [kind, setKind] = useState<Kind>(present === undefined ? 'example' : 'schema');
  const [text, setText] = useState(present === undefined ? '' : writeJson(present, 2));
  const [required, setRequired] = useState(true);
  const { value, message } = read(text);
  const fits = kind === 'schema' ? value !== undefined && isObject(value) : value !== undefined;
  const set = (target: Json | undefined) => {
    const { target: _, ...config } = node?.config ?? {};
    editor.edit(changeNode(id, { config: target === undefined ? config : { ...config, target } }));
    close();
  };
  return (
    <Modal opened onClose={close} title={t('mapper.describeTarget')} size="lg">
      <SegmentedControl
        size="xs"
        mb={10}
        aria-label={t('mapper.describeBy')}
        value={kind}
        onChange={(next) => setKind(next)}
        data={[
          { value: 'example', label: t('mapper.byExample') },
          { value: 'schema', label: t('mapper.bySchema') },
        ]}
      />
      <CodeEditor
        language="json"
        label={t(kind === 'example' ? 'mapper.byExample' : 'mapper.bySchema')}
        hint={t(kind === 'example' ? 'mapper.exampleHint' : 'mapper.schemaHint')}
        value={text}
        onChange={setText}
        error={text.trim() !== '' && message !== undefined ? { message } : undefined}
        minHeight={220}
      />
      {text.trim() !== '' && !fits && (
        <Alert color="red" mt={10} p={8}>
          {message ?? t('mapper.schemaIsObject')}
        </Alert>
      )}
      {kind === 'example' && (
        <Checkbox
          mt={12}
          size="xs"
          label={t('mapper.allRequired')}
          checked={required}
          onChange={(event) => setRequired(event.currentTarget.checked)}
        />
      )}
      <Group justify="flex-end" mt={16} gap={8}>
        {present !== undefined && (
          <Button variant="default" color="red" onClick={() => set(undefined)} mr="auto">
            {t('mapper.noSchema')}
          </Button>
        )}
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={!fits}
          onClick={() => value !== undefined && set(kind === 'schema' ? value : schemaOfExample(value, required))}
        >
          {t('mapper.useTarget')}
        </Button>
      </Group>
    </Modal>
  );
}

function read(text: string): { readonly value?: Json; readonly message?: string } {
  try {
    return { value: readJson(text) };
  } catch (error) {
    return { message: (error as Error).message };
  }
}
