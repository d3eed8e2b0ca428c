import type { Locator, Page } from 'playwright-core';
import { reach } from '../browser/keyboard.ts';

/** The page of somebody who has no mouse: what a story clicks, fills and checks is done by keys. */
export function byKeyboard(page: Page): Page {
  return wrapped(page, (goal) => ({
    click: () => press(page, goal),
    check: () => check(page, goal),
    fill: (text: string) => fill(page, goal, text),
    dblclick: refuse,
    hover: refuse,
    dragTo: refuse,
  }));
}

type Actions = (goal: Locator) => Readonly<Record<string, unknown>>;

const finds = /^(getBy\w+|locator|filter|first|last|nth|and|or)$/;

/** What finds something in it finds that wrapped as well. */
function wrapped<Place extends object>(place: Place, actions: Actions): Place {
  const own: Readonly<Record<string | symbol, unknown>> = 'goto' in place ? {} : actions(place as unknown as Locator);
  return new Proxy(place, {
    get(_, name) {
      if (name === 'mouse') return refuse();
      if (own[name]) return own[name];
      const value: unknown = Reflect.get(place, name);
      if (typeof value !== 'function') return value;
      if (!finds.test(String(name))) return value.bind(place);
      return (...inputs: unknown[]) => wrapped(value.apply(place, inputs) as object, actions);
    },
  });
}

function refuse(): never {
  throw new Error('There is no mouse.');
}

async function press(page: Page, goal: Locator): Promise<void> {
  const kind = await goal.evaluate((element) => {
    const { type } = element.closest('label')?.control ?? element;
    if (type === 'radio' || type === 'checkbox') return 'choice';
    return element.closest('[role=option],[role=menuitem],[role=combobox]')?.role ?? 'other';
  });
  if (kind === 'choice') return check(page, goal);
  if (kind === 'option') return chooseOption(page, goal);
  if (kind === 'menuitem') return chooseItem(page, goal);
  await reach(page, goal);
  await page.keyboard.press(kind === 'combobox' ? 'ArrowDown' : 'Enter');
}

async function fill(page: Page, goal: Locator, text: string): Promise<void> {
  await reach(page, goal);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** As many steps as nobody would want to make. */
const mostSteps = 120;

/** In a list, whose focus stays in its field. */
async function chooseOption(page: Page, goal: Locator): Promise<void> {
  await stepTo(page, goal, () =>
    goal.evaluate((element) => {
      const option = element.closest('[role=option]');
      const marked = option.closest('[role=listbox]').querySelector('[data-combobox-selected]');
      return marked === null ? option.ariaSelected === 'true' : marked === option;
    }),
  );
  await page.keyboard.press('Enter');
}

async function chooseItem(page: Page, goal: Locator): Promise<void> {
  await stepTo(page, goal, () =>
    goal.evaluate((element) => element.closest('[role=menuitem]') === element.ownerDocument.activeElement),
  );
  await page.keyboard.press('Enter');
}

/** Of radios only the one that is checked is reached by the Tab key, and the arrow keys lead on. */
async function check(page: Page, goal: Locator): Promise<void> {
  const isChecked = () => goal.evaluate((element) => (element.closest('label')?.control ?? element).checked);
  if (await isChecked()) return;
  const door = await goal.evaluate((element) => {
    const control = element.closest('label')?.control ?? element;
    if (control.type !== 'radio') return control.id;
    const group = [...element.ownerDocument.getElementsByName(control.name)];
    return (group.find(({ checked }) => checked) ?? group[0]).id;
  });
  await reach(page, page.locator(`[id="${door}"]`));
  if (!(await page.locator(`[id="${door}"]`).isChecked())) await page.keyboard.press('Space');
  await stepTo(page, goal, isChecked);
}

async function stepTo(page: Page, goal: Locator, isThere: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < mostSteps; step++) {
    if (await isThere()) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`The arrow keys do not lead to ${goal}.`);
}
