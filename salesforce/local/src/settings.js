/** Where everything is, as the local stack has laid it out beside the page. */
const answer = await fetch('settings.json');
export const settings = await answer.json();
