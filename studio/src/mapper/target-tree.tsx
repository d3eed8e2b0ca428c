import { ActionIcon, Tooltip } from '@mantine/core';
import { writeJson } from '@millrace/contract';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddTarget } from './add-target.tsx';
import classes from './board.module.css';
import { type TreeField, wayInWords } from './field-tree.ts';
import { sourceText } from './mapping.ts';
import { NothingKnown } from './nothing-known.tsx';
import type { Suggestion } from './suggest.ts';
import { TargetDialog } from './target-dialog.tsx';
import { TreePane, type TreePaneProps } from './tree-pane.tsx';
import { typeInWords } from './type-in-words.ts';
import type { Board } from './use-board.ts';
import type { TreeSide } from './use-tree-side.ts';

interface TargetTreeProps extends Pick<TreePaneProps, 'choose'> {
  readonly board: Board;
  readonly node: string;
  readonly side: TreeSide;
  /** Suggestions that are shown. */
  readonly offered: readonly Suggestion[];
}

/** What a mapping makes, with what each field is made of. */
export function TargetTree({ board, node, side, offered, choose }: TargetTreeProps) {
  const { t } = useTranslation();
  const [describing, setDescribing] = useState(false);
  const suggestions = new Map(offered.map((each) => [each.target.key, each]));
  const problemAt = (field: TreeField) => board.problemOf(board.lineAt(field));
  const textOf = (field: TreeField) => {
    const line = board.lineAt(field)?.line;
    if (!line) return undefined;
    if (line.each !== undefined) return t('mapper.eachOf', { list: sourceText(line.each) });
    return line.from === undefined ? writeJson(line.default ?? null) : sourceText(line.from);
  };
  const nameOf = (field: TreeField) => {
    const text = textOf(field);
    const suggestion = suggestions.get(field.key);
    const parts = [
      wayInWords(field) || field.label,
      typeInWords(field, t),
      field.required && t('mapper.isRequired'),
      text === undefined ? t('mapper.isUnmapped') : t('mapper.isMadeOf', { text }),
      problemAt(field)?.message,
      suggestion && t('mapper.suggestedFrom', { source: wayInWords(suggestion.source) }),
    ];
    return parts.filter(Boolean).join(', ');
  };
  const stateOf = (field: TreeField) => {
    if (board.lineAt(field)) return problemAt(field)?.severity ?? 'connected';
    return suggestions.has(field.key) ? 'suggested' : 'free';
  };
  const pressKey = (field: TreeField, key: string) => {
    const suggestion = suggestions.get(field.key);
    if (key === 'Escape' && board.armed) board.arm(undefined);
    else if (key === 'a' && suggestion) board.accept([suggestion]);
    else if (key === 'Delete' && board.lineAt(field)) board.setLine(field, undefined);
    else return false;
    return true;
  };
  return (
    <>
      <TreePane
        side="target"
        label={t('mapper.targets')}
        searchLabel={t('mapper.searchTargets')}
        view={side.view}
        scroller={side.scroller}
        scrolled={side.scrolled}
        current={board.selected?.key}
        choose={choose}
        keys={pressKey}
        nameOf={nameOf}
        stateOf={stateOf}
        tools={<AddTarget board={board} describe={() => setDescribing(true)} />}
        below={board.target.children.length === 0 && <NothingKnown describe={() => setDescribing(true)} />}
      >
        {(field) => {
          const suggestion = suggestions.get(field.key);
          return (
            <>
              <span className={classes.dot} />
              <span className={classes.label}>{field.label}</span>
              {field.required && <span className={classes.star}>*</span>}
              <span className={classes.type}>{typeInWords(field, t)}</span>
              <span className={classes.value}>{textOf(field) ?? (suggestion && wayInWords(suggestion.source))}</span>
              {suggestion && (
                <Tooltip label={t('mapper.accept')}>
                  <ActionIcon
                    size={22}
                    tabIndex={-1}
                    aria-hidden
                    onClick={(event) => {
                      event.stopPropagation();
                      board.accept([suggestion]);
                    }}
                  >
                    <IconCheck size={14} />
                  </ActionIcon>
                </Tooltip>
              )}
            </>
          );
        }}
      </TreePane>
      {describing && <TargetDialog node={node} close={() => setDescribing(false)} />}
    </>
  );
}
