export { positionsPage as page } from '../../../pages/read-models/positions.js';
