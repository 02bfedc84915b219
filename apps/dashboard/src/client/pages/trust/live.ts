export { livePage as page } from '../../../pages/trust/live.js';
