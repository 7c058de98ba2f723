import { LightningElement, api } from 'lwc';

/** The base component, which sfdx-lwc-jest has no stub of yet. */
export default class Select extends LightningElement {
    @api label;
    @api name;
    @api options;
    @api value;
    @api disabled;
}
