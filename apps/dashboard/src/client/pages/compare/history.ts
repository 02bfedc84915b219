export { historyPage as page } from '../../../pages/compare/history.js';
