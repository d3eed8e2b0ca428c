import type { TFunction } from 'i18next';
import { isList, type TreeField } from './field-tree.ts';

/** What kind of value a field has, for people; null besides is not told. */
export function typeInWords(field: TreeField, t: TFunction): string {
  if (isList(field)) return t('mapper.types.array');
  const [kind, ...others] = field.kinds.filter((each) => each !== 'null');
  return kind === undefined ? '' : others.length > 0 ? t('mapper.types.several') : t(`mapper.types.${kind}`);
}
