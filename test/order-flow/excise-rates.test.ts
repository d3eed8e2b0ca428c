import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWholeFlow } from '../../runtime/flows/folder.ts';

const published = join(import.meta.dirname, '../../../shared/conformance/tax/sweden_alcohol_excise.json');
const isThere = existsSync(published);

interface Bracket {
  readonly overAbv: number;
  readonly toAbv: number | null;
  readonly rate: number;
}
type Rates = Record<'beer' | 'wine' | 'otherFermented' | 'intermediate', { readonly brackets: readonly Bracket[] }> & {
  readonly ethylAlcohol: { readonly rate: number };
};

const shipped = ({ brackets }: { readonly brackets: readonly Bracket[] }) =>
  brackets.map(({ overAbv, toAbv, rate }) => ({ over: overAbv, ...(toAbv !== null && { upTo: toAbv }), rate }));

test.skipIf(!isThere)(
  `R-O3 the shipped rates of excise duty are those that are published${isThere ? '' : ' (skipped: the folder with them is absent)'}`,
  () => {
    const rates = JSON.parse(readFileSync(published, 'utf8')) as Rates;
    const { tables = [] } = readWholeFlow(join(import.meta.dirname, '../../flows/order-create'));
    const ofKind = Object.fromEntries((tables[0]?.entries ?? []).map(({ key, value }) => [key, value]));
    expect(ofKind).toEqual({
      'SE/BEER': { basis: 'LITRE_PERCENT', brackets: shipped(rates.beer) },
      'SE/WINE': { basis: 'LITRE', brackets: shipped(rates.wine) },
      'SE/OTHER_FERMENTED': { basis: 'LITRE', brackets: shipped(rates.otherFermented) },
      'SE/INTERMEDIATE': { basis: 'LITRE', brackets: shipped(rates.intermediate) },
      'SE/SPIRITS': { basis: 'LITRE_ALCOHOL', brackets: [{ over: 1.2, rate: rates.ethylAlcohol.rate }] },
    });
  },
);
