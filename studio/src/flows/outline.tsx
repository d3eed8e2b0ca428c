import { ActionIcon } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/types.ts';
import { titleOf } from '../canvas/drawing.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { outlineOf } from '../editor/outline.ts';
import { useBundle, useEditing } from './editing.ts';
import classes from './outline.module.css';

interface OutlineProps {
  readonly selected: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  readonly close: () => void;
}

/** The flow as a list of its nodes in their order: what the canvas shows, for the keyboard and for those who do not see it. */
export function Outline({ selected, problems, close }: OutlineProps) {
  const { t } = useTranslation();
  const { catalog, open } = useEditing();
  const { flow } = useBundle();
  const lines = useMemo(() => outlineOf(flow), [flow]);
  return (
    <nav className={classes.outline} aria-label={t('outline.title')}>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('outline.title')}</h2>
        <ActionIcon size={26} aria-label={t('outline.close')} onClick={close}>
          <IconX size={15} />
        </ActionIcon>
      </header>
      <ol className={classes.lines} onKeyDown={moveByArrows}>
        {lines.map(({ id, depth }) => {
          const own = problems.get(id) ?? [];
          const title = titleOf(id, flow, catalog);
          return (
            <li key={id} style={{ paddingLeft: `${depth * 16}px` }}>
              <button
                type="button"
                className={classes.line}
                aria-current={selected.has(id) ? 'true' : undefined}
                onClick={() => open(id)}
              >
                <NodeIcon name={catalog.get(flow.nodes[id]?.type ?? '')?.icon ?? ''} size={16} />
                <span className={classes.name}>{title}</span>
                {own.length > 0 && (
                  <span className={classes.count} data-harmless={!own.some(isError)}>
                    <span aria-hidden>{own.length}</span>
                    <span className="visually-hidden">{t('node.problems', { count: own.length })}</span>
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function moveByArrows(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
