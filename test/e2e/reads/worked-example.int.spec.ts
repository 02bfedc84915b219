import { runApplication } from '../running-application.js';
import { describeWorkedExample } from './worked-example.js';

describeWorkedExample('', () => runApplication());
