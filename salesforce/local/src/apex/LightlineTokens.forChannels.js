/** No channel of the local stack asks for a token of its own. */
export default async function forChannels() {
    return {};
}
