package io.lightline.e2e;

import io.lightline.localstack.FolderLog;
import io.lightline.localstack.LocalStack;
import io.lightline.localstack.Ports;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test the stack that all tests of its process share: started by the first of them, stopped after the last. For tests that leave
 * it as it was. The services' output is in {@code target/stack-<number of the process>}.
 */
final class RunningStack implements ParameterResolver {

    private static final String FOLDER = "stack-" + System.getProperty("e2e.process", "1");
    private static final Namespace NAMESPACE = Namespace.create(RunningStack.class);

    /** Held by JUnit's root store, which closes it in the end. */
    private record Held(LocalStack stack) implements AutoCloseable {
        @Override
        public void close() {
            stack.close();
        }
    }

    /** A stack for one test alone, which may break it; its output is in {@code target/<name>}. */
    static LocalStack alone(String name) {
        return LocalStack.start(Ports.free(), new FolderLog(Path.of("target", name)));
    }

    /** A channel that no other test uses. */
    static String newChannel() {
        return "chat:" + UUID.randomUUID();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalStack.class;
    }

    @Override
    public LocalStack resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(FOLDER, _ -> new Held(alone(FOLDER)), Held.class)
                .stack();
    }
}
