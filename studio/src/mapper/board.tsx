import type { Json } from '@millrace/contract';
import { useMemo, useRef, useState } from 'react';
import classes from './board.module.css';
import { BoardToolbar } from './board-toolbar.tsx';
import { drawnWires } from './drawn-wires.ts';
import { everyField, type TreeField } from './field-tree.ts';
import { LineBar } from './line-bar.tsx';
import { SourceTree } from './source-tree.tsx';
import { TargetTree } from './target-tree.tsx';
import type { Board } from './use-board.ts';
import { useTreeSide } from './use-tree-side.ts';
import { useWireDrag } from './use-wire-drag.ts';
import { WiresLayer } from './wires-layer.tsx';

interface MappingBoardProps {
  readonly board: Board;
  readonly node: string;
  readonly input: Json | undefined;
}

/** The trees of a mapping with the wires between them; below, the line that is looked at. */
export function MappingBoard({ board, node, input }: MappingBoardProps) {
  const { sources, target, suggestions, armed, selected } = board;
  const targets = useMemo(() => [target], [target]);
  const [, ...others] = sources;
  const left = useTreeSide(
    sources,
    others.map(({ key }) => key),
  );
  const right = useTreeSide(targets, []);
  const [isOffering, setOffering] = useState(false);
  const [byKey, setByKey] = useState(false);
  const offered = isOffering ? suggestions : [];
  const stage = useRef<HTMLDivElement>(null);
  const { drag, press } = useWireDrag(stage, right.scroller, left.yOf, (source, key) => {
    const goal = everyField(target).find((field) => field.key === key);
    if (goal) board.lead(source, goal);
  });
  const chooseSource = (field: TreeField, key: boolean) => {
    setByKey(key);
    board.arm(armed?.key === field.key ? undefined : field);
  };
  const chooseTarget = (field: TreeField, key: boolean) => {
    setByKey(key);
    if (armed) board.lead(armed, field);
    else board.select(field.key);
  };
  return (
    <div className={classes.board}>
      <BoardToolbar board={board} isOffering={isOffering} setOffering={setOffering} />
      <div ref={stage} className={classes.stage} data-dragging={drag !== undefined} data-armed={armed !== undefined}>
        <SourceTree board={board} side={left} choose={chooseSource} press={press} />
        <div className={classes.between}>
          <WiresLayer wires={drawnWires(board, offered, left, right)} height={right.height} drag={drag} />
        </div>
        <TargetTree board={board} node={node} side={right} offered={offered} choose={chooseTarget} />
      </div>
      <LineBar
        board={board}
        node={node}
        input={input}
        byKey={byKey}
        suggestion={suggestions.find((each) => each.target.key === selected?.key)}
        back={(side) => (side === 'source' ? left : right).scroller.current?.focus()}
      />
    </div>
  );
}
