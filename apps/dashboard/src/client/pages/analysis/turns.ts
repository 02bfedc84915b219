export { turnsPage as page } from '../../../pages/analysis/turns.js';
