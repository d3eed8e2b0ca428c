import { keyOf } from './field-tree.ts';
import type { Suggestion } from './suggest.ts';
import type { Board } from './use-board.ts';
import type { TreeSide } from './use-tree-side.ts';

/** A wire between two rows; pixels from the top of the trees, which may be outside of what is seen. */
export interface DrawnWire {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly look: 'wire' | 'list' | 'error' | 'warning' | 'suggested';
  readonly selected: boolean;
  readonly choose: () => void;
}

/** The wires of the lines over those of what is suggested; none to where a search hides an end. */
export function drawnWires(
  board: Board,
  offered: readonly Suggestion[],
  left: TreeSide,
  right: TreeSide,
): readonly DrawnWire[] {
  const between = (source: string, target: string, look: DrawnWire['look']): DrawnWire[] => {
    const [from, to] = [left.yOf(source), right.yOf(target)];
    if (from === undefined || to === undefined) return [];
    const selected = board.armed ? board.armed.key === source : board.selected?.key === target;
    return [{ key: `${look} ${source} ${target}`, from, to, look, selected, choose: () => board.select(target) }];
  };
  return [
    ...offered.flatMap(({ source, target }) => between(source.key, target.key, 'suggested')),
    ...board.wires.flatMap(({ line, source }) => {
      const look = board.problemOf(line)?.severity ?? (line.line.each === undefined ? 'wire' : 'list');
      return between(source.key, keyOf(line.names), look);
    }),
  ];
}
