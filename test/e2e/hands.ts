import type { Locator, Page } from 'playwright-core';

/** How a person uses the studio: by mouse, or by keyboard alone. */
export interface Hands {
  press(button: Locator): Promise<void>;
  fill(field: Locator, text: string): Promise<void>;
  choose(list: Locator, option: string): Promise<void>;
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
  };
}

/** As many steps as nobody would want to make. */
const mostSteps = 120;

export function keyboardOn(page: Page): Hands {
  const reach = async (goal: Locator) => {
    await goal.waitFor({ state: 'attached' });
    for (let step = 0; step < mostSteps; step++) {
      // An editor of code has its focus inside a shadow root.
      if (await goal.evaluate((element) => element.getRootNode().activeElement === element)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`The Tab key does not lead to ${goal}.`);
  };
  return {
    press: async (button) => {
      await reach(button);
      await page.keyboard.press('Enter');
    },
    fill: async (field, text) => {
      await reach(field);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
    choose: async (list, option) => {
      await reach(list);
      const active = page.locator('[role=option]:is([data-combobox-selected], [aria-selected=true])');
      for (let step = 0; step < mostSteps; step++) {
        const names = await active.allTextContents();
        if (names.some((name) => name.startsWith(option))) return page.keyboard.press('Enter');
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`The arrow keys do not lead to “${option}”.`);
    },
  };
}
