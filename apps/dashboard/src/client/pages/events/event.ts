export { eventPage as page } from '../../../pages/events/event.js';
