export const codeTexts = {
  json: { copyAll: 'Copy as JSON', more: '{{count}} more…' },
} as const;
