import { HighlightStyle } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours of code, the same in editors and in shown JSON; light and dark by the variables. */
export const highlightStyle = HighlightStyle.define([
  { tag: tags.string, color: 'var(--done)' },
  { tag: tags.number, color: 'var(--running)' },
  { tag: [tags.atom, tags.bool, tags.null, tags.keyword], color: 'var(--retrying)' },
  { tag: [tags.variableName, tags.function(tags.variableName)], color: 'var(--accent-ink)' },
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: [tags.operator, tags.punctuation], color: 'var(--ink-3)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
]);

/** @param minHeight pixels; the editor grows with its text */
export function look(minHeight: number): Extension {
  return EditorView.theme({
    '&': { minHeight: `${minHeight}px`, fontSize: '12.5px', color: 'var(--ink)', background: 'transparent' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': {
      fontFamily: 'var(--mono)',
      lineHeight: '1.6',
      minHeight: `${minHeight}px`,
      fontVariantLigatures: 'none',
    },
    '.cm-content': { padding: '8px 0', caretColor: 'var(--accent)' },
    '.cm-line': { padding: '0 12px' },
    '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
    '.cm-gutters': { background: 'transparent', color: 'var(--ink-3)', border: 'none' },
    '.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 14px', minWidth: '34px' },
    '.cm-placeholder': { color: 'var(--ink-3)' },
    '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
      background: 'color-mix(in srgb, var(--accent) 24%, transparent)',
    },
    '&.cm-focused .cm-matchingBracket': { background: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
    '.cm-lintRange-error': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--failed)',
      textDecorationSkipInk: 'none',
      textUnderlineOffset: '3px',
      background: 'var(--failed-soft)',
    },
    '.cm-lintRange-warning': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--retrying)',
      textDecorationSkipInk: 'none',
      textUnderlineOffset: '3px',
    },
    '.cm-lintPoint-error::after': { borderBottomColor: 'var(--failed)' },
    '.cm-tooltip': {
      background: 'var(--raised)',
      color: 'var(--ink)',
      border: '1px solid var(--line)',
      borderRadius: '8px',
      boxShadow: 'var(--shadow-3)',
      overflow: 'hidden',
      fontFamily: 'var(--sans)',
      fontSize: '12.5px',
      zIndex: '400',
    },
    '.cm-diagnostic-error': { borderLeft: '3px solid var(--failed)', padding: '6px 10px' },
    '.cm-diagnostic-warning': { borderLeft: '3px solid var(--retrying)', padding: '6px 10px' },
    '.cm-explanation': { maxWidth: '420px', padding: '6px 10px' },
    '.cm-explanation-title, .cm-explanation-example': { fontFamily: 'var(--mono)', fontSize: '12px' },
    '.cm-explanation-example': { marginTop: '4px', color: 'var(--ink-3)' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px', maxHeight: '14em' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent-soft)', color: 'var(--ink)' },
    '.cm-completionDetail': { fontStyle: 'normal', fontFamily: 'var(--sans)', color: 'var(--ink-3)' },
    '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  });
}
