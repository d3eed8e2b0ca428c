export const commandTexts = {
  commands: {
    title: 'Commands',
    search: 'Go to a page, a flow or a node, or do something…',
    nothing: 'Nothing is called so. Try another word.',
    places: 'Go to',
    flows: 'Flows',
    environment: 'Environment',
    lookAt: 'Look at {{environment}}',
    open: 'Search and commands',
  },
} as const;
