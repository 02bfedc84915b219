export { sourcesPage as page } from '../../../pages/read-models/sources.js';
