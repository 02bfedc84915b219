export { timelinePage as page } from '../../../pages/events/timeline.js';
