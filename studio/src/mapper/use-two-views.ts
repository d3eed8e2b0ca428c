import { fieldsToText, textToFields } from '@millrace/mapping';
import { useState } from 'react';
import { t } from '../app/i18n.ts';
import { notifyRefused } from '../app/notify.ts';
import type { Mapping } from './mapping.ts';

export interface TwoViews {
  /** The mapping as it is looked at; it becomes the stored one when it is edited. */
  readonly shown: Mapping;
  /** Looks at lines as text, or at text as lines; says so where a text cannot be shown as lines. */
  readonly turn: (kind: Mapping['kind']) => void;
}

/** A mapping is stored as lines or as text and can be looked at as either; looking changes nothing. */
export function useTwoViews(stored: Mapping): TwoViews {
  const [other, setOther] = useState<{ readonly of: unknown; readonly as: Mapping }>();
  const content = contentOf(stored);
  const turn = (kind: Mapping['kind']) => {
    setOther(undefined);
    if (kind === stored.kind) return;
    try {
      setOther({ of: content, as: turned(stored) });
    } catch (error) {
      notifyRefused(t('mapper.notTurned'), error);
    }
  };
  // An edit, or its undoing, shows the mapping as it is then stored.
  return { shown: other !== undefined && other.of === content ? other.as : stored, turn };
}

function contentOf(mapping: Mapping): unknown {
  return mapping.kind === 'fields' ? mapping.fields : mapping.expression;
}

function turned(mapping: Mapping): Mapping {
  if (mapping.kind === 'fields') {
    return { kind: 'text', expression: mapping.fields.length === 0 ? '' : fieldsToText(mapping.fields) };
  }
  if (mapping.expression.trim() === '') return { kind: 'fields', fields: [] };
  const fields = textToFields(mapping.expression);
  if (!fields) throw new Error(t('mapper.noLines'));
  return { kind: 'fields', fields };
}
