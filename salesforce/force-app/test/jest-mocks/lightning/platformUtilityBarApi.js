/* lightning/platformUtilityBarApi, for which sfdx-lwc-jest has no stub. */
import { createTestWireAdapter } from '@salesforce/wire-service-jest-util';

export const EnclosingUtilityId = createTestWireAdapter();
export const updateUtility = jest.fn().mockResolvedValue(true);
