export const partsTexts = {
  parts: {
    copied: 'I have copied it',
    help: 'How this works',
    more: 'Load more',
    noMatchTitle: 'Nothing fits',
    noMatch: 'Nothing here fits what you are looking for.',
    clear: 'Clear filters',
  },
} as const;
