import forChannels from '@salesforce/apex/LightlineTokens.forChannels';

/** Channels that belong to one record: whoever may read it may subscribe, which Apex says with a token for the channel. */
const OF_A_RECORD = /^(record:|\/data\/\w+ChangeEvent\/)[a-zA-Z0-9]{18}$/;

/** What Apex answers at once. */
const MOST = 200;

let asked;

/** The function that fetches a channel's token; undefined where the connection's own token decides. */
export function grantFor(channel) {
    return OF_A_RECORD.test(channel) ? () => grant(channel) : undefined;
}

/** All that the page asks for at once go in one call. No token comes for what the user may not read. */
async function grant(channel) {
    if (!asked || asked.channels.size === MOST) {
        const fresh = new Set();
        asked = { channels: fresh, tokens: ask(fresh) };
    }
    const { channels, tokens } = asked;
    channels.add(channel);
    return (await tokens)[channel];
}

async function ask(channels) {
    await Promise.resolve();
    asked = undefined;
    return (await forChannels({ channels: [...channels] })) ?? {};
}
