import { runExamples } from '@millrace/testing/run-node';
import objectStore from './pack.ts';

runExamples(objectStore);
