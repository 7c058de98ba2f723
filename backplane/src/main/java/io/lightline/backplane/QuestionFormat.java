package io.lightline.backplane;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Questions and answers as Redis pub/sub carries them: words that each end with a space, then the rest. A question is
 * {@code <asking pod> <number> <JSON>}, an answer {@code <number> given <JSON>} or {@code <number> failed <reason>}.
 */
final class QuestionFormat {

    record Asked(String pod, long number, RawJson question) {}

    record Answered(long number, Reply answer) {}

    private QuestionFormat() {}

    static byte[] encode(Asked asked) {
        return after(asked.pod + " " + asked.number + " ", asked.question.utf8());
    }

    static byte[] encode(Answered answered) {
        return switch (answered.answer) {
            case Reply.Given(var json) -> after(answered.number + " given ", json.utf8());
            case Reply.Failed(var reason) ->
                after(answered.number + " failed ", reason.getBytes(StandardCharsets.UTF_8));
        };
    }

    static Asked asked(Buffer message) {
        int afterPod = space(message, 0);
        int afterNumber = space(message, afterPod + 1);
        return new Asked(
                message.getString(0, afterPod),
                Long.parseLong(message.getString(afterPod + 1, afterNumber)),
                RawJson.of(rest(message, afterNumber)));
    }

    static Answered answered(Buffer message) {
        int afterNumber = space(message, 0);
        int afterWord = space(message, afterNumber + 1);
        byte[] rest = rest(message, afterWord);
        String word = message.getString(afterNumber + 1, afterWord);
        return new Answered(
                Long.parseLong(message.getString(0, afterNumber)),
                switch (word) {
                    case "given" -> new Reply.Given(RawJson.of(rest));
                    case "failed" -> new Reply.Failed(new String(rest, StandardCharsets.UTF_8));
                    default -> throw new IllegalArgumentException("Neither given nor failed: " + word);
                });
    }

    private static byte[] rest(Buffer message, int space) {
        return message.getBytes(space + 1, message.length());
    }

    private static byte[] after(String words, byte[] rest) {
        byte[] first = words.getBytes(StandardCharsets.US_ASCII);
        return Buffer.buffer(first.length + rest.length)
                .appendBytes(first)
                .appendBytes(rest)
                .getBytes();
    }

    private static int space(Buffer message, int from) {
        int at = from;
        while (message.getByte(at) != ' ') {
            at++;
        }
        return at;
    }
}
