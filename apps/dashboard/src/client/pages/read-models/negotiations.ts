export { negotiationsPage as page } from '../../../pages/read-models/negotiations.js';
