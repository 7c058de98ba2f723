import { LightningElement, api } from 'lwc';
import { onError, subscribe, unsubscribe } from 'lightning/empApi';

const CHANNEL = '/event/Order__e';
const MOST_ORDERS = 10;

/** The latest orders: a component as people have written it for empApi. */
export default class OrderFeed extends LightningElement {
    @api title = 'Orders';

    orders = [];
    problem;
    subscription;

    async connectedCallback() {
        onError((error) => {
            this.problem = JSON.stringify(error);
        });
        this.subscription = await subscribe(CHANNEL, -1, (message) => this.received(message));
    }

    disconnectedCallback() {
        unsubscribe(this.subscription, () => {});
    }

    received({ data }) {
        const order = {
            key: data.event.replayId,
            number: data.payload.OrderNumber__c,
            status: data.payload.Status__c,
            amount: data.payload.Amount__c
        };
        this.orders = [order, ...this.orders].slice(0, MOST_ORDERS);
    }

    get state() {
        return this.subscription ? `Subscribed to ${this.subscription.channel}` : 'Subscribing';
    }
}
