import { scan } from './scan.ts';

/** How often `??` and `?:` stand in the left side of one another, counted so that it is rather too high than too low. */
export function defaultNesting(text: string): number {
  if (!/\?[?:]/.test(text)) return 0;
  const levels = [{ left: 0, deepest: 0 }];
  for (const { kind, text: token } of scan(text)) {
    const level = levels.at(-1) ?? { left: 0, deepest: 0 };
    if (kind === 'open') levels.push({ left: 0, deepest: 0 });
    else if (kind === 'close' && levels.length > 1) {
      levels.pop();
      const outer = levels.at(-1) ?? level;
      outer.left = Math.max(outer.left, level.deepest);
      outer.deepest = Math.max(outer.deepest, level.deepest);
    } else if (token === '??' || token === '?:') {
      level.deepest = Math.max(level.deepest, level.left + 1);
      level.left = 0;
    } else if (token === ',' || token === ';' || token === ':') level.left = 0;
  }
  return Math.max(...levels.map(({ deepest }) => deepest));
}
