import { accountTexts } from '../account/en.ts';
import { alertsTexts } from '../alerts/en.ts';
import { auditTexts } from '../audit/en.ts';
import { codeTexts } from '../code/en.ts';
import { codeTablesTexts } from '../code-tables/en.ts';
import { commandTexts } from '../commands/en.ts';
import { connectionsTexts } from '../connections/en.ts';
import { dashboardTexts } from '../dashboard/en.ts';
import { deadLettersTexts } from '../dead-letters/en.ts';
import { firstStepsTexts } from '../first-steps/en.ts';
import { testsTexts } from '../flow-tests/en.ts';
import { flowsTexts } from '../flows/en.ts';
import { helpTexts } from '../help/en.ts';
import { inspectorTexts } from '../inspector/en.ts';
import { keysTexts } from '../keys/en.ts';
import { mapperTexts } from '../mapper/en.ts';
import { mappingLayersTexts } from '../mapping-layers/en.ts';
import { membersTexts } from '../members/en.ts';
import { partsTexts } from '../parts/en.ts';
import { payloadTexts } from '../payload/en.ts';
import { promotionsTexts } from '../promotions/en.ts';
import { recordsTexts } from '../records/en.ts';
import { retentionTexts } from '../retention/en.ts';
import { runsTexts } from '../runs/en.ts';
import { signInTexts } from '../sign-in/en.ts';
import { signInRulesTexts } from '../sign-in-rules/en.ts';
import { syncTexts } from '../sync/en.ts';
import { templatesTexts } from '../templates/en.ts';
import { versionsTexts } from '../versions/en.ts';
import { waitingTexts } from '../waiting/en.ts';

/** Every text of the studio; each feature has its own in its folder. */
export const en = {
  app: { name: 'Millrace', skip: 'Skip to content' },
  nav: {
    label: 'Main',
    groups: { work: 'Work', data: 'Data', setup: 'Set-up', admin: 'Administration' },
    places: {
      flows: 'Flows',
      runs: 'Runs',
      waiting: 'Waiting',
      deadLetters: 'Dead letters',
      alerts: 'Alerts',
      dashboard: 'Dashboard',
      records: 'Records',
      codeTables: 'Code tables',
      mappings: 'Mapping layers',
      sync: 'Sync',
      templates: 'Templates',
      connections: 'Connections',
      promotions: 'Promotions',
      members: 'Members',
      keys: 'API keys',
      signIn: 'Sign-in',
      retention: 'Retention',
      audit: 'Audit',
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
    signOut: 'Sign out',
    forgetKey: 'Forget API key',
    demo: 'Demo',
    environment: 'Environment',
    environments: { sandbox: 'Sandbox', production: 'Production' },
  },
  api: {
    unreachable: 'The server cannot be reached.',
    status: 'The server answered with status {{status}}.',
  },
  common: {
    retry: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    delete: 'Delete',
    add: 'Add',
    actions: 'Actions',
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
  ...accountTexts,
  ...alertsTexts,
  ...auditTexts,
  ...codeTablesTexts,
  ...codeTexts,
  ...commandTexts,
  ...connectionsTexts,
  ...dashboardTexts,
  ...deadLettersTexts,
  ...firstStepsTexts,
  ...flowsTexts,
  ...helpTexts,
  ...inspectorTexts,
  ...keysTexts,
  ...mapperTexts,
  ...mappingLayersTexts,
  ...membersTexts,
  ...partsTexts,
  ...payloadTexts,
  ...promotionsTexts,
  ...recordsTexts,
  ...retentionTexts,
  ...runsTexts,
  ...signInRulesTexts,
  ...signInTexts,
  ...syncTexts,
  ...templatesTexts,
  ...testsTexts,
  ...versionsTexts,
  ...waitingTexts,
} as const;
