export { diffPage as page } from '../../../pages/compare/diff.js';
