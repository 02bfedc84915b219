export { helpTimesPage as page } from '../../../pages/help/help-times.js';
