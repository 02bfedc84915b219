export { figuresPage as page } from '../../../pages/read-models/figures.js';
