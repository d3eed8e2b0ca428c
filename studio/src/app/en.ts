import { alertsTexts } from '../alerts/en.ts';
import { codeTexts } from '../code/en.ts';
import { dashboardTexts } from '../dashboard/en.ts';
import { deadLettersTexts } from '../dead-letters/en.ts';
import { flowsTexts } from '../flows/en.ts';
import { inspectorTexts } from '../inspector/en.ts';
import { mapperTexts } from '../mapper/en.ts';
import { payloadTexts } from '../payload/en.ts';
import { runsTexts } from '../runs/en.ts';
import { syncTexts } from '../sync/en.ts';
import { waitingTexts } from '../waiting/en.ts';

/** Every text of the studio; each feature has its own in its folder. */
export const en = {
  app: { name: 'Millrace', skip: 'Skip to content' },
  nav: {
    label: 'Main',
    groups: { work: 'Work', data: 'Data' },
    places: {
      flows: 'Flows',
      runs: 'Runs',
      waiting: 'Waiting',
      deadLetters: 'Dead letters',
      alerts: 'Alerts',
      dashboard: 'Dashboard',
      sync: 'Sync',
    },
    alertCount_one: '{{count}} alert',
    alertCount_other: '{{count}} alerts',
    live: 'Live',
    liveHint: 'Changes appear as they happen.',
    away: 'Reconnecting…',
    awayHint: 'The live connection is interrupted. What you see may be old.',
    lightTheme: 'Light',
    darkTheme: 'Dark',
    systemTheme: 'As the system',
    theme: 'Appearance',
    signOut: 'Forget API key',
    demo: 'Demo',
    environment: 'Environment',
    environments: { sandbox: 'Sandbox', production: 'Production' },
  },
  api: {
    unreachable: 'The server cannot be reached.',
    status: 'The server answered with status {{status}}.',
  },
  signIn: {
    title: 'Sign in to Millrace',
    lead: 'Enter an API key of your tenant. It is kept in this browser tab only and forgotten when the tab closes.',
    key: 'API key',
    submit: 'Sign in',
    refused: 'This key was not accepted. Check that it is complete and not revoked.',
  },
  common: {
    retry: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    delete: 'Delete',
    add: 'Add',
    failedTitle: 'This could not be loaded',
    notFoundTitle: 'Nothing here',
    notFound: 'This page does not exist, or it was moved.',
    toFlows: 'Go to flows',
    items_one: '{{count}} item',
    items_other: '{{count}} items',
    fields_one: '{{count}} field',
    fields_other: '{{count}} fields',
  },
  status: {
    running: 'Running',
    waiting: 'Waiting',
    retrying: 'Retrying',
    done: 'Done',
    succeeded: 'Succeeded',
    failed: 'Failed',
    cancelled: 'Cancelled',
    overdue: 'Overdue',
    open: 'Open',
    matched: 'Answered',
    expired: 'Expired',
    kept: 'Too early',
    late: 'Too late',
    rejected: 'Rejected',
    malformed: 'Not understood',
  },
  ...alertsTexts,
  ...codeTexts,
  ...dashboardTexts,
  ...deadLettersTexts,
  ...flowsTexts,
  ...inspectorTexts,
  ...mapperTexts,
  ...payloadTexts,
  ...runsTexts,
  ...syncTexts,
  ...waitingTexts,
} as const;
