export { impactPage as page } from '../../../pages/analysis/impact.js';
