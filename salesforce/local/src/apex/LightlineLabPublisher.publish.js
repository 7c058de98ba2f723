import { settings } from '../settings.js';

const MOST_AT_ONCE = 200;

/** Publishes as the Apex class of this name does, by one REST call for all messages. */
export default async function publish({ messagesJson }) {
    for (let from = 0; from < messagesJson.length; from += MOST_AT_ONCE) {
        await create(messagesJson.slice(from, from + MOST_AT_ONCE).map((text) => event(JSON.parse(text))));
    }
}

function event({ message, sentAt, sender, receiver }) {
    return {
        attributes: { type: 'Lightline_Lab__e' },
        Message__c: message,
        Sent_At__c: sentAt,
        From__c: sender,
        To__c: receiver
    };
}

async function create(records) {
    const answer = await fetch(`${settings.org}/services/data/v66.0/composite/sobjects`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${settings.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ allOrNone: false, records })
    });
    const results = await answer.json();
    const refused = answer.ok ? results.find(({ success }) => !success) : results[0];
    if (refused) {
        throw { body: { message: refused.errors?.[0]?.message ?? refused.message } };
    }
}
