export const firstStepsTexts = {
  firstSteps: {
    title: 'First steps',
    lead: 'From here to your first run.',
    dismiss: 'Hide the first steps',
    done: 'Done',
    connection: 'Set up a connection',
    connectionText: 'Say where the other system is, and try it.',
    flow: 'Get a flow',
    flowText: 'Clone a template, or import one of your own.',
    deploy: 'Deploy it',
    deployText: 'From then on it takes events.',
    run: 'Send a test order and watch it',
    runText: 'Start the flow with its sample, and follow the run on the canvas.',
  },
} as const;
