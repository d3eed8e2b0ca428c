import { Button, Popover } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { NodeDescription } from '../api/types.ts';
import { titleOf } from '../canvas/drawing.ts';
import { Palette } from '../canvas/palette.tsx';
import { useBundle, useEditing } from './editing.ts';
import classes from './flow-page.module.css';
import type { CanvasEditing } from './use-canvas-edits.ts';

interface AddNodeProps {
  readonly canvas: CanvasEditing;
  readonly types: readonly NodeDescription[];
}

/** The button that opens the palette; the palette also opens where an edge was drawn into empty space. */
export function AddNode({ canvas, types }: AddNodeProps) {
  const { t } = useTranslation();
  const { catalog } = useEditing();
  const { flow } = useBundle();
  const { adding, startAdding, stopAdding, add } = canvas;
  const place = adding?.onScreen;
  const after = adding?.after && titleOf(adding.after.from, flow, catalog);
  const button = (
    <Button variant="default" className={classes.add ?? ''} leftSection={<IconPlus size={16} />} onClick={startAdding}>
      {t('flow.addNode')}
      <kbd className={classes.key}>N</kbd>
    </Button>
  );
  return (
    <>
      {place && button}
      <Popover
        opened={adding !== undefined}
        onDismiss={stopAdding}
        position="bottom-start"
        width={340}
        trapFocus
        returnFocus
        shadow="none"
        offset={6}
        withinPortal
      >
        <Popover.Target>
          {place ? <span className={classes.spot} style={{ left: place.x, top: place.y }} aria-hidden /> : button}
        </Popover.Target>
        <Popover.Dropdown p={8}>
          <Palette types={types} after={after} choose={add} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
