import { Select } from '@mantine/core';
import type { FlowNode } from '@millrace/flow';
import { useTranslation } from 'react-i18next';
import { changeNode, declareSlot, together } from '../editor/edits.ts';
import { useBundle, useEditing } from '../flows/editing.ts';

/** Which of the flow's connection slots the node uses. */
export function SlotPicker({
  id,
  node,
  type,
}: {
  readonly id: string;
  readonly node: FlowNode;
  readonly type: string;
}) {
  const { t } = useTranslation();
  const { editor, connectionTypes } = useEditing();
  const slots = useBundle().flow.connections ?? {};
  const fitting = Object.keys(slots).filter((slot) => slots[slot]?.type === type);
  const fresh = freeSlot(type, slots);
  const options = [
    ...fitting.map((slot) => ({ value: slot, label: slot })),
    ...(fitting.length === 0 ? [{ value: fresh, label: t('inspector.createSlot', { slot: fresh }) }] : []),
  ];
  const choose = (slot: string | null) =>
    slot !== null && editor.edit(together(declareSlot(slot, type), changeNode(id, { connection: slot })));
  return (
    <Select
      label={t('inspector.connection')}
      description={t('inspector.connectionHint', {
        type: connectionTypes.find((known) => known.id === type)?.title ?? type,
      })}
      placeholder={t('inspector.noSlot')}
      data={options}
      value={node.connection ?? null}
      onChange={choose}
    />
  );
}

/** `dropzone/folder-or-sftp` → `dropzone`, `dropzone-2`, … */
function freeSlot(type: string, slots: Readonly<Record<string, unknown>>): string {
  const stem = type.split('/')[0] ?? type;
  let slot = stem;
  for (let count = 2; slots[slot]; count++) slot = `${stem}-${count}`;
  return slot;
}
