package io.lightline.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.salesforce.eventbus.protobuf.PubSubProto;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Our hand-written proto file against the one that Salesforce published and Camel ships: everything there is here as well. */
class DescriptorTest {

    private static final FileDescriptor THEIRS = PubSubProto.getDescriptor();
    private static final FileDescriptor OURS = io.lightline.pubsub.v1.PubSubProto.getDescriptor();

    @Test
    void everyMethodIsThereWithItsMessagesAndItsStreaming() {
        assertThat(OURS.getPackage()).isEqualTo(THEIRS.getPackage());
        assertThat(methods(OURS)).containsAll(methods(THEIRS)).isNotEmpty();
    }

    @Test
    void everyFieldHasItsNumberTypeAndLabel() {
        assertThat(fields(OURS)).containsAll(fields(THEIRS)).isNotEmpty();
    }

    @Test
    void everyEnumValueHasItsNumber() {
        assertThat(enumValues(OURS)).containsAll(enumValues(THEIRS)).isNotEmpty();
    }

    @Test
    void onlyWhatCamelsOlderFileLacksIsNew() {
        // when
        var added = Stream.of(methods(OURS), enumValues(OURS), messages(OURS))
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
        List.of(methods(THEIRS), enumValues(THEIRS), messages(THEIRS)).forEach(added::removeAll);

        // then
        assertThat(added)
                .containsExactlyInAnyOrder(
                        "PubSub.ManagedSubscribe(stream ManagedFetchRequest) stream ManagedFetchResponse",
                        "ErrorCode.COMMIT=2",
                        "ManagedFetchRequest",
                        "ManagedFetchResponse",
                        "CommitReplayRequest",
                        "CommitReplayResponse");
    }

    private static Set<String> messages(FileDescriptor file) {
        return file.getMessageTypes().stream().map(Descriptor::getName).collect(Collectors.toSet());
    }

    private static Set<String> methods(FileDescriptor file) {
        return file.getServices().stream()
                .flatMap(service -> service.getMethods().stream())
                .map(DescriptorTest::describe)
                .collect(Collectors.toSet());
    }

    private static String describe(MethodDescriptor method) {
        return "%s.%s(%s%s) %s%s"
                .formatted(
                        method.getService().getName(),
                        method.getName(),
                        method.isClientStreaming() ? "stream " : "",
                        method.getInputType().getName(),
                        method.isServerStreaming() ? "stream " : "",
                        method.getOutputType().getName());
    }

    private static Set<String> fields(FileDescriptor file) {
        return file.getMessageTypes().stream()
                .flatMap(message -> message.getFields().stream())
                .map(DescriptorTest::describe)
                .collect(Collectors.toSet());
    }

    /** By the JSON name, as Camel's file spells one field in camel case: on the wire there are only numbers. */
    private static String describe(FieldDescriptor field) {
        var type = switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getName();
            case ENUM -> field.getEnumType().getName();
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
                field.getType().name();
        };
        return "%s.%s=%d %s%s"
                .formatted(
                        field.getContainingType().getName(),
                        field.getJsonName(),
                        field.getNumber(),
                        field.isRepeated() ? "repeated " : "",
                        type);
    }

    private static Set<String> enumValues(FileDescriptor file) {
        return file.getEnumTypes().stream()
                .map(EnumDescriptor::getValues)
                .flatMap(List::stream)
                .map(value -> value.getType().getName() + "." + value.getName() + "=" + value.getNumber())
                .collect(Collectors.toSet());
    }
}
