export const newConnectionTexts = {
  newConnection: {
    title: 'New connection: {{type}} · {{environment}}',
    name: 'Name',
    nameHint: 'What you and others will know it by.',
    way: 'How it is reached',
    make: 'Create and test',
    made: '“{{name}}” can be reached',
    refused: 'The connection was not created',
    unreachable: 'It was created, but the other side cannot be reached',
  },
} as const;
