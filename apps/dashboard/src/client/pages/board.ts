export { boardPage as page } from '../../pages/board.js';
