import { runExamples } from '@millrace/testing/run-node';
import mail from './pack.ts';

runExamples(mail);
