export const helpTexts = { help: { title: 'Help' } } as const;
