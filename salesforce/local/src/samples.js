import { createElement } from 'lwc';
import OrderFeedOverEmpApi from 'c/orderFeedOverEmpApi';
import OrderFeedOverLightline from 'c/orderFeedOverLightline';

const samples = [
    ['c-order-feed-over-emp-api', OrderFeedOverEmpApi, "import { … } from 'lightning/empApi';"],
    ['c-order-feed-over-lightline', OrderFeedOverLightline, "import { … } from 'c/lightline';"]
];
for (const [tag, component, title] of samples) {
    const feed = createElement(tag, { is: component });
    feed.title = title;
    document.querySelector('main').append(feed);
}
