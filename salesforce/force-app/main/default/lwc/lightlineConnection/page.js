/** The page around us, where there is one: a test, or a server that renders, has none. */
const target = typeof window === 'undefined' ? undefined : window;

export function isOnline() {
    return target?.navigator?.onLine !== false;
}

/**
 * Tells when the network comes and goes, and when the page is seen again, whose timers may have stood still meanwhile.
 * Returns what ends it.
 */
export function watchPage({ onOnline, onOffline, onVisible }) {
    const seen = () => target.document.visibilityState === 'visible' && onVisible();
    const listeners = [
        [target, 'online', onOnline],
        [target, 'offline', onOffline],
        [target?.document, 'visibilitychange', seen]
    ];
    listeners.forEach(([source, event, listener]) => source?.addEventListener(event, listener));
    return () => listeners.forEach(([source, event, listener]) => source?.removeEventListener(event, listener));
}
