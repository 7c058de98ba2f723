package io.lightline.localstack;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code make run}: the whole stack in one terminal, until Ctrl-C or until one of its processes ends. With
 * {@code --free-ports} it takes free ports instead of {@linkplain Ports#wellKnown the well-known ones}. Exits with 1, and one
 * line that says why, when it cannot run.
 */
public final class LocalStackMain {

    /** A Ctrl-C reaches our children as well as us, and they may be faster. */
    private static final long CTRL_C_TRAVELS_MILLIS = 500;

    private final CountDownLatch stopping = new CountDownLatch(1);

    private LocalStackMain() {}

    /** {@code args}: nothing, or {@code --free-ports}. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(new LocalStackMain().run(List.of(args)));
    }

    private int run(List<String> args) throws InterruptedException {
        try {
            var stack = LocalStack.prepare(ports(args), ConsoleLog.ofThisTerminal());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack), "stop"));
            stack.start();
            System.out.println(Welcome.to(stack));
            return mourn(stack.firstDeath().join());
        } catch (StackException e) {
            return isStopping() ? 0 : complain(e.reason());
        }
    }

    private static Ports ports(List<String> args) {
        if (args.isEmpty()) {
            return Ports.wellKnown();
        }
        if (args.equals(List.of("--free-ports"))) {
            return Ports.free();
        }
        throw new StackException("Understood is --free-ports, or nothing; not " + String.join(" ", args));
    }

    private void stop(LocalStack stack) {
        stopping.countDown();
        stack.close();
        System.out.println("Lightline has stopped; nothing of it runs any more.");
    }

    private int mourn(LocalStack.Death death) throws InterruptedException {
        if (isStopping()) {
            return 0;
        }
        return complain(death.service() + " ended by itself with " + death.exitCode()
                + ", so everything stops; its last lines:\n  " + String.join("\n  ", death.lastLines()));
    }

    private boolean isStopping() throws InterruptedException {
        return stopping.await(CTRL_C_TRAVELS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static int complain(String reason) {
        System.err.println(reason);
        return 1;
    }
}
