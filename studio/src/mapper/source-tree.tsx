import { writeJson } from '@millrace/contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { type TreeField, wayInWords } from './field-tree.ts';
import { TreePane, type TreePaneProps } from './tree-pane.tsx';
import { typeInWords } from './type-in-words.ts';
import type { Board } from './use-board.ts';
import type { TreeSide } from './use-tree-side.ts';

interface SourceTreeProps extends Required<Pick<TreePaneProps, 'choose' | 'press'>> {
  readonly board: Board;
  readonly side: TreeSide;
}

/** What comes into a mapping, with its values in the sample. */
export function SourceTree({ board, side, choose, press }: SourceTreeProps) {
  const { t } = useTranslation();
  const { armed, arm, wires } = board;
  const connected = useMemo(() => new Set(wires.map(({ source }) => source.key)), [wires]);
  return (
    <TreePane
      side="source"
      label={t('mapper.sources')}
      searchLabel={t('mapper.searchSources')}
      view={side.view}
      scroller={side.scroller}
      scrolled={side.scrolled}
      current={armed?.key}
      choose={choose}
      press={press}
      keys={(_field, key) => {
        if (key !== 'Escape' || !armed) return false;
        arm(undefined);
        return true;
      }}
      nameOf={(field) => [wayInWords(field) || field.label, typeInWords(field, t)].join(', ')}
      stateOf={({ key }) => (connected.has(key) ? 'connected' : 'free')}
    >
      {(field) => (
        <>
          <span className={classes.label}>{field.label}</span>
          <span className={classes.type}>{typeInWords(field, t)}</span>
          <span className={classes.value}>{sampleText(field)}</span>
          <span className={classes.dot} />
        </>
      )}
    </TreePane>
  );
}

const longestSample = 80;

/** A value as JSON; of a list how long it is, and of an object nothing, whose fields stand below. */
function sampleText({ value, children }: TreeField): string {
  if (Array.isArray(value) && children.length > 0) return `${value.length} ×`;
  if (value === undefined || children.length > 0) return '';
  return writeJson(value).slice(0, longestSample);
}
