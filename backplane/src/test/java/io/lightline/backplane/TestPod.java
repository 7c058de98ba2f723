package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A pod with a listener that remembers: the language in which the backplane's tests speak. */
final class TestPod implements BackplaneListener, AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(20);

    /** What was heard, in its order. */
    record Heard(ChannelName channel, String epoch, Publication publication, boolean onDeliveryThread) {

        String text() {
            return publication.draft().data().toString();
        }

        Position position() {
            return new Position(publication.offset(), epoch);
        }
    }

    /** What was told of somebody, in its order. */
    record Told(ChannelName channel, PresenceEvent event, boolean onDeliveryThread) {

        String text() {
            return switch (event) {
                case PresenceEvent.Joined(var member) -> member.client() + " joined";
                case PresenceEvent.Left(var member) -> member.client() + " left";
            };
        }
    }

    private final Backplane backplane;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final List<String> controls = new CopyOnWriteArrayList<>();
    private final List<String> signals = new CopyOnWriteArrayList<>();

    TestPod(Backplane backplane) {
        this.backplane = backplane;
        backplane.listen(this);
    }

    Backplane backplane() {
        return backplane;
    }

    TestPod ready() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(backplane.state()).isEqualTo(new BackplaneState.Ready()));
        return this;
    }

    void subscribes(ChannelName channel) {
        answer(backplane.subscribe(channel));
    }

    Position publishes(ChannelName channel, String text, Retention retention) {
        return answer(backplane.publish(channel, draft(text), PublishOptions.keeping(retention)));
    }

    History reads(ChannelName channel, HistoryQuery query) {
        return answer(backplane.history(channel, query));
    }

    List<String> readsTexts(ChannelName channel, HistoryQuery query) {
        return texts(reads(channel, query).publications());
    }

    void enters(ChannelName channel, Member member, PresenceOptions options) {
        answer(backplane.enter(channel, member, options));
    }

    void leaves(ChannelName channel, Member member, PresenceOptions options) {
        answer(backplane.leave(channel, member, options));
    }

    void keeps(ChannelName channel, Collection<Member> present, PresenceOptions options) {
        answer(backplane.keep(channel, present, options));
    }

    List<Member> lists(ChannelName channel) {
        return answer(backplane.presence(channel, Integer.MAX_VALUE));
    }

    PresenceStats counts(ChannelName channel) {
        return answer(backplane.presenceStats(channel));
    }

    /** @param server from the question to the answer, as JSON text */
    void serves(ChannelName channel, Function<RawJson, String> server) {
        answer(backplane.serve(channel, question -> Uni.createFrom().item(() -> RawJson.of(server.apply(question)))));
    }

    String asks(ChannelName channel, String question) {
        return answer(backplane.ask(channel, RawJson.of(question))).toString();
    }

    /** What the question fails with; the test fails when it does not. */
    Throwable asksInVain(ChannelName channel, String question) {
        return answer(backplane
                .ask(channel, RawJson.of(question))
                .map(unexpected -> (Throwable) new AssertionError("answered: " + unexpected))
                .onFailure()
                .recoverWithItem(failure -> failure));
    }

    void hears(String... texts) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(heardTexts()).containsExactly(texts));
    }

    void hearsLast(String text) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(heardTexts()).endsWith(text));
    }

    void isTold(String... events) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(told).extracting(Told::text).containsExactly(events));
    }

    List<Heard> heard() {
        return heard;
    }

    List<String> heardTexts() {
        return heard.stream().map(Heard::text).toList();
    }

    List<Told> told() {
        return told;
    }

    /** Publications and presence events in the order in which they came. */
    List<String> story() {
        return story;
    }

    /** Control messages. */
    List<String> controls() {
        return controls;
    }

    /** {@code "interrupted"} and {@code "restored"}, in their order. */
    List<String> signals() {
        return signals;
    }

    static Draft draft(String text) {
        return Draft.of(RawJson.of(quoted(text)));
    }

    static String quoted(String text) {
        return '"' + text + '"';
    }

    static List<String> texts(List<Publication> publications) {
        return publications.stream().map(p -> p.draft().data().toString()).toList();
    }

    static <T> T answer(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    @Override
    public void onPublication(ChannelName channel, String epoch, Publication publication) {
        var one = new Heard(
                channel, epoch, publication, backplane.deliveryThread().isCurrent());
        heard.add(one);
        story.add(one.text());
    }

    @Override
    public void onPresence(ChannelName channel, PresenceEvent event) {
        var one = new Told(channel, event, backplane.deliveryThread().isCurrent());
        told.add(one);
        story.add(one.text());
    }

    @Override
    public void onControl(RawJson message) {
        controls.add(message.toString());
    }

    @Override
    public void onInterrupted() {
        signals.add("interrupted");
    }

    @Override
    public void onRestored() {
        signals.add("restored");
    }

    @Override
    public void close() {
        answer(backplane.close());
    }
}
