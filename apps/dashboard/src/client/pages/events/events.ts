export { eventsPage as page } from '../../../pages/events/events.js';
