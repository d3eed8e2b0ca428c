export const alertsTexts = {
  alerts: {
    title: 'Alerts',
    lead: 'What needs someone to look.',
    emptyTitle: 'All quiet',
    empty: 'Nothing needs your attention.',
    openRun: 'Open run',
    openFlow: 'Open flow',
  },
} as const;
