export { claimsPage as page } from '../../../pages/read-models/claims.js';
