export { anomaliesPage as page } from '../../../pages/read-models/anomalies.js';
