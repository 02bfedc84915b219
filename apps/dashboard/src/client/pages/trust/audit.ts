export { auditPage as page } from '../../../pages/trust/audit.js';
