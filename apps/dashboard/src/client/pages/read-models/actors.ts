export { actorsPage as page } from '../../../pages/read-models/actors.js';
