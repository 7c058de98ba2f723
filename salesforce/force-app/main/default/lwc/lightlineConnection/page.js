/** The page around us, where there is one: a test, or a server that renders, has none. */
const page = globalThis.window;

export function isOnline() {
    return page?.navigator?.onLine !== false;
}

/**
 * Tells when the network comes or goes, and when the page is seen again or no longer: its timers may have stood still meanwhile. Returns
 * what ends it.
 */
export function watchPage(onChange) {
    const each = (what) => {
        page?.[what]('online', onChange);
        page?.[what]('offline', onChange);
        page?.document[what]('visibilitychange', onChange);
    };
    each('addEventListener');
    return () => each('removeEventListener');
}
