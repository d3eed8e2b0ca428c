export const payloadTexts = {
  payload: {
    open: 'Open large',
    download: 'Download',
    search: 'Search',
    none: 'Nothing found',
    found: '{{at}} of {{count}}',
    next: 'Next match',
    previous: 'Previous match',
    lines_one: '{{count}} line',
    lines_other: '{{count}} lines',
    apart: 'Kept apart: {{size}}',
    show: 'Show',
    loading: 'Loading…',
    failed: 'This content could not be loaded',
  },
} as const;
