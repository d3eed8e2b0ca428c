import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconDownload,
  IconFocus2,
  IconKeyboard,
  IconLayoutBoard,
  IconPlayerPlay,
  IconPlus,
  IconRocket,
  IconVersions,
} from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../api/types.ts';
import { titleOf } from '../canvas/drawing.ts';
import { type Command, type CommandGroup, useCommands } from '../commands/registry.ts';
import type { Editor } from '../editor/editor.ts';
import { moveNodes } from '../editor/edits.ts';
import { tidy } from '../editor/layout.ts';
import { download } from './bundle-file.ts';
import { useHistory } from './editing.ts';
import type { FlowDialog } from './flow-header.tsx';
import { shortcutKeys } from './shortcuts.ts';
import type { CanvasEditing } from './use-canvas-edits.ts';
import type { Clipboard } from './use-clipboard.ts';

interface FlowActions {
  readonly editor: Editor;
  readonly catalogue: Catalogue;
  readonly open: (node: string) => void;
  readonly canvas: CanvasEditing;
  readonly clipboard: Clipboard;
  readonly openDialog: (dialog: FlowDialog) => void;
  /** Nothing may be changed. */
  readonly frozen: boolean;
}

/** Offers in the command bar what can be done with the open flow: its actions, its nodes, and nodes to add. */
export function useFlowCommands(actions: FlowActions): void {
  const { t } = useTranslation();
  const { catalogue, frozen, editor } = actions;
  const { flow } = useHistory(editor).present;
  // Commands do what they do then; only their names are made anew when the flow changes.
  const now = useRef(actions);
  now.current = actions;

  const toDo = useMemo<CommandGroup>(() => {
    const command = (id: string, label: string, icon: Command['icon'], run: () => void): Command => {
      const keys = shortcutKeys.find(([name]) => name === id)?.[1].split(', ')[0];
      return { id: `flow:${id}`, label, icon, keys, run };
    };
    const changing = [
      command('publish', t('versions.publish'), IconVersions, () => now.current.openDialog('publish')),
      command('deploy', t('flow.deploy'), IconRocket, () => now.current.openDialog('deploy')),
      command('tidy', t('flow.tidy'), IconLayoutBoard, () =>
        now.current.editor.edit(moveNodes(tidy(now.current.editor.state().present.flow))),
      ),
      command('undo', t('flow.undo'), IconArrowBackUp, () => now.current.editor.undo()),
      command('redo', t('flow.redo'), IconArrowForwardUp, () => now.current.editor.redo()),
    ];
    return {
      rank: 1,
      title: t('flow.thisFlow'),
      commands: [
        command('run', t('flow.run'), IconPlayerPlay, () => now.current.openDialog('start')),
        ...(frozen ? [] : changing),
        command('clipboard', t('clipboard.copy'), IconCopy, () => void now.current.clipboard.copy()),
        command('export', t('flow.export'), IconDownload, () => download(now.current.editor.state().present)),
        command('keys', t('shortcuts.title'), IconKeyboard, () => now.current.openDialog('keys')),
      ],
    };
  }, [t, frozen]);

  const nodes = useMemo<CommandGroup>(() => {
    const catalog = new Map(catalogue.nodes.map((type) => [type.id, type]));
    return {
      rank: 2,
      title: t('flow.nodesHere'),
      commands: Object.keys(flow.nodes).map((id) => ({
        id: `node:${id}`,
        label: titleOf(id, flow, catalog),
        hint: id,
        icon: IconFocus2,
        run: () => now.current.open(id),
      })),
    };
  }, [t, flow, catalogue]);

  const additions = useMemo<CommandGroup>(
    () => ({
      rank: 3,
      title: t('flow.addNode'),
      commands: frozen
        ? []
        : catalogue.nodes.map((type) => ({
            id: `add:${type.id}`,
            label: t('flow.addOne', { title: type.title }),
            hint: type.summary,
            icon: IconPlus,
            run: () => now.current.canvas.add(type),
          })),
    }),
    [t, catalogue, frozen],
  );
  useCommands(additions);
  useCommands(nodes);
  useCommands(toDo);
}
