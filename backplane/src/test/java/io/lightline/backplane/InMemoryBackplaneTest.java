package io.lightline.backplane;

/** The contract in one process. */
class InMemoryBackplaneTest extends BackplaneContract {

    private final InMemoryStore store = new InMemoryStore();

    @Override
    Backplane open(BackplaneConfig config) {
        return new InMemoryBackplane(store, config);
    }
}
