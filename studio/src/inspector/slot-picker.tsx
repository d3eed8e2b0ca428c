import { Button, Select } from '@mantine/core';
import type { FlowNode } from '@millrace/flow';
import { IconPlug } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { connectionsQuery } from '../api/queries.ts';
import { useEnvironment } from '../app/environment.ts';
import { useMay } from '../app/use-may.ts';
import { NewConnectionDialog } from '../connections/new-connection-dialog.tsx';
import { changeNode, declareSlot, together } from '../editor/edits.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import classes from './inspector.module.css';

interface SlotPickerProps {
  readonly id: string;
  readonly node: FlowNode;
  readonly type: string;
}

/** Which of the flow's connection slots the node uses, and which connections there are to bind it to. */
export function SlotPicker({ id, node, type }: SlotPickerProps) {
  const { t } = useTranslation();
  const may = useMay();
  const environment = useEnvironment();
  const { editor, connectionTypes } = useEditing();
  const [making, setMaking] = useState(false);
  const slots = useBundle().flow.connections ?? {};
  const known = connectionTypes.find((one) => one.id === type);
  const connections = useQuery(connectionsQuery(environment)).data ?? [];
  const names = connections.filter((one) => one.type === type).map(({ name }) => name);
  const fitting = Object.keys(slots).filter((slot) => slots[slot]?.type === type);
  const fresh = freeSlot(type, slots);
  const options = [
    ...fitting.map((slot) => ({ value: slot, label: slot })),
    { value: fresh, label: t('inspector.createSlot', { slot: fresh }) },
  ];
  const choose = (slot: string | null) =>
    slot !== null && editor.edit(together(declareSlot(slot, type), changeNode(id, { connection: slot })));
  return (
    <div className={classes.section}>
      <Select
        label={t('inspector.connection')}
        description={t('inspector.connectionHint', { type: known?.title ?? type })}
        placeholder={t('inspector.noSlot')}
        data={options}
        value={node.connection ?? null}
        onChange={choose}
      />
      <div className={classes.connections}>
        <span className={classes.hint}>
          {names.length > 0
            ? t('inspector.connections', { names: names.join(', '), environment: t(`nav.environments.${environment}`) })
            : t(known?.hasDefault ? 'inspector.defaultConnection' : 'inspector.noConnection', {
                environment: t(`nav.environments.${environment}`),
              })}
        </span>
        {known && may('connections.edit') && (
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconPlug size={14} />}
            onClick={() => setMaking(true)}
          >
            {t('inspector.newConnection')}
          </Button>
        )}
      </div>
      {known && making && <NewConnectionDialog type={known} close={() => setMaking(false)} />}
    </div>
  );
}

/** `dropzone/folder-or-sftp` → `dropzone`, `dropzone-2`, … */
function freeSlot(type: string, slots: Readonly<Record<string, unknown>>): string {
  const stem = type.split('/')[0] ?? type;
  let slot = stem;
  for (let count = 2; slots[slot]; count++) slot = `${stem}-${count}`;
  return slot;
}
