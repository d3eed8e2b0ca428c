import type { Locator, Page } from 'playwright-core';
import { enter, reach } from '../browser/keyboard.ts';

/** How a person uses the studio: by mouse, or by keyboard alone. */
export interface Hands {
  press(button: Locator): Promise<void>;
  fill(field: Locator, text: string): Promise<void>;
  choose(list: Locator, option: string): Promise<void>;
  /** @param options of which one is chosen, all of them seen */
  turn(options: Locator, option: string): Promise<void>;
}

export function mouseOn(page: Page): Hands {
  return {
    press: (button) => button.click(),
    fill: async (field, text) => {
      await field.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    choose: async (list, option) => {
      await list.click();
      const begins = new RegExp(`^${option.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
      await page.getByRole('option', { name: begins }).first().click();
    },
    turn: (options, option) => options.getByText(option, { exact: true }).click(),
  };
}

/** As many steps as nobody would want to make. */
const mostSteps = 120;

export function keyboardOn(page: Page): Hands {
  return {
    press: (button) => enter(page, button),
    fill: async (field, text) => {
      await reach(page, field);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    choose: async (list, option) => {
      await reach(page, list);
      const active = page.locator('[role=option]:is([data-combobox-selected], [aria-selected=true])');
      for (let step = 0; step < mostSteps; step++) {
        const names = await active.allTextContents();
        if (names.some((name) => name.startsWith(option))) return page.keyboard.press('Enter');
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`The arrow keys do not lead to “${option}”.`);
    },
    turn: async (options, option) => {
      await reach(page, options.getByRole('radio', { checked: true }));
      const all = await options.getByRole('radio').count();
      const goal = options.getByRole('radio', { name: option, exact: true });
      for (let step = 0; step < all && !(await goal.isChecked()); step++) await page.keyboard.press('ArrowRight');
    },
  };
}
