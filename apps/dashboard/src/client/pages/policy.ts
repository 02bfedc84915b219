export { policyPage as page } from '../../pages/policy.js';
