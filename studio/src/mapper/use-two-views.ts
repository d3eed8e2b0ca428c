import { useState } from 'react';
import { t } from '../app/i18n.ts';
import { notifyRefused } from '../app/notify.ts';
import type { Line, Mapping } from './mapping.ts';

export interface TwoViews {
  /** Turns lines into text, or text into lines; says so where a text cannot be shown as lines. */
  readonly turn: (kind: Mapping['kind']) => void;
  readonly turning: boolean;
}

/** A mapping is lines or text, and either can become the other without loss. */
export function useTwoViews(mapping: Mapping, change: (mapping: Mapping) => void): TwoViews {
  const [turning, setTurning] = useState(false);
  const turn = async (kind: Mapping['kind']) => {
    if (kind === mapping.kind) return;
    setTurning(true);
    try {
      change(await turned(mapping));
    } catch (error) {
      notifyRefused(t('mapper.notTurned'), error);
    }
    setTurning(false);
  };
  return { turn: (kind) => void turn(kind), turning };
}

async function turned(mapping: Mapping): Promise<Mapping> {
  // Loaded when first needed: it brings the expression language with it.
  const { fieldsToText, textToFields } = await import('@millrace/mapping');
  if (mapping.kind === 'fields') {
    return { kind: 'text', expression: mapping.fields.length === 0 ? '' : fieldsToText(mapping.fields) };
  }
  if (mapping.expression.trim() === '') return { kind: 'fields', fields: [] };
  const fields = textToFields(mapping.expression);
  if (!fields) throw new Error(t('mapper.noLines'));
  return { kind: 'fields', fields: fields as readonly Line[] };
}
