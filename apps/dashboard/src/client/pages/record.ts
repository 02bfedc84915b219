export { recordPage as page } from '../../pages/record.js';
