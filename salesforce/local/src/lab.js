import { createElement } from 'lwc';
import LightlineLab from 'c/lightlineLab';
import { LongPollingTransport } from './longPolling.js';
import { settings } from './settings.js';

const lab = createElement('c-lightline-lab', { is: LightlineLab });
lab.relays = settings.relays.join(',');
lab.moreTransports = [new LongPollingTransport()];
document.querySelector('main').append(lab);
