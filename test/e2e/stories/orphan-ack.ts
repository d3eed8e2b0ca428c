import { beforeAll, describe, test } from 'vitest';
import { misdirectApproval } from '../../browser/approvals.ts';
import { box } from '../../browser/flow-page.ts';
import type { Studio } from '../../browser/studio.fixture.ts';

/** What came for a run under another key is given to it by hand. */
export function orphanAck(studio: () => Studio): void {
  describe('an answer under a wrong key', () => {
    beforeAll(() => misdirectApproval(studio()));

    test('R-D4 is found among the unmatched, given to the run that waits for it, and that goes on', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: 'Waiting', exact: true }).click();
      await page.getByRole('row').filter({ hasText: 'PO-4711' }).getByText('Waiting').waitFor();
      await page.getByText('Unmatched answers').click();
      const orphan = page.getByRole('row').filter({ hasText: 'PO-4771' });
      await orphan.getByText('Too early').waitFor();
      await orphan.getByRole('button', { name: 'Match to…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Who has waited for this answer?' });
      await dialog.getByText('"<b>Olga</b>"').waitFor();
      const likeliest = dialog.getByRole('radio').first();
      await dialog
        .getByRole('radio', { name: /PO-4711/ })
        .and(likeliest)
        .waitFor();
      await likeliest.check();
      await dialog.getByRole('button', { name: 'Give to this run' }).click();
      await page.getByText('Every answer has found its run').waitFor();

      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      const found = page.getByRole('row').filter({ hasText: 'Approvals' });
      await found.nth(1).waitFor();
      await page.getByRole('searchbox', { name: 'Key' }).fill('PO-4711');
      await found.nth(1).waitFor({ state: 'detached' });
      await found.getByText('Succeeded').waitFor();
      await found.getByRole('link').click();
      await box(page, 'Wait for the approval').getByText('Done').waitFor();
    });
  });
}
