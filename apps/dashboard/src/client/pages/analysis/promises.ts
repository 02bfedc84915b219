export { promisesPage as page } from '../../../pages/analysis/promises.js';
