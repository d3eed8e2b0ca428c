import type { Page } from 'playwright-core';
import type { Studio } from '../browser/studio.fixture.ts';
import { byKeyboard } from './by-keyboard.ts';

/** How a person uses the studio: a story is told once, and lived in both ways. */
export const ways = [
  { way: 'mouse', seenBy: (page: Page) => page },
  { way: 'keyboard alone', seenBy: byKeyboard },
] as const;

export type Way = (typeof ways)[number];

/** The studio as somebody uses it who comes in this way. */
export function usedBy({ seenBy }: Way, studio: Studio): Studio {
  return { ...studio, visit: async (options) => seenBy(await studio.visit(options)) };
}
